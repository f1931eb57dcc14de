// The flags of the multipart scanner; empty on bodies of other types.

import type { VariableDefinition } from '../../model/variable.ts';
import { collection, scalar } from './define.ts';

const flags: Readonly<Record<string, string>> = {
  MULTIPART_STRICT_ERROR: '1 when any strictness flag or a parser error was raised.',
  MULTIPART_BOUNDARY_QUOTED: '1 when the boundary parameter was quoted.',
  MULTIPART_BOUNDARY_WHITESPACE: '1 when blanks stood around the = of the boundary parameter.',
  MULTIPART_DATA_BEFORE: '1 when data preceded the first boundary.',
  MULTIPART_DATA_AFTER: '1 when data followed the final boundary.',
  MULTIPART_HEADER_FOLDING: '1 when a part header was folded.',
  MULTIPART_INVALID_HEADER_FOLDING: '1 when folding used other white space than blank and tab.',
  MULTIPART_LF_LINE: '1 when a boundary or header line ended in a bare LF.',
  MULTIPART_CRLF_LINE: '1 when a line ended in CRLF.',
  MULTIPART_CRLF_LF_LINES: '1 when CRLF and bare LF line ends were mixed.',
  MULTIPART_MISSING_SEMICOLON: '1 when no semicolon separated type and boundary.',
  MULTIPART_INVALID_QUOTING: '1 when a part parameter was quoted in a way parsers disagree on.',
  MULTIPART_INVALID_PART: '1 when a part had no name or no data.',
  MULTIPART_FILE_LIMIT_EXCEEDED: '1 when there were more files than SecUploadFileLimit.',
  MULTIPART_UNMATCHED_BOUNDARY: '1 when a line looked like a boundary but was not ours.',
  MULTIPART_PEER_DISAGREES:
    '1 when the reader that Node applications use understands the body differently (ours).',
};

export const multipartVariables: readonly VariableDefinition[] = [
  ...Object.entries(flags).map(([name, summary]) =>
    scalar(
      name,
      2,
      summary,
      (view) => {
        const { multipartUnset, unmatchedBoundary } = view.settings.behaviour;
        if (name === 'MULTIPART_UNMATCHED_BOUNDARY' && unmatchedBoundary === 'no-target') {
          return undefined;
        }
        const value = view.body.multipart?.flags[name];
        return value === undefined ? multipartUnset : String(value);
      },
      name === 'MULTIPART_MISSING_SEMICOLON' ? ['MULTIPART_SEMICOLON_MISSING'] : undefined,
    ),
  ),
  collection(
    'MULTIPART_PART_HEADERS',
    2,
    'Part header lines by part name.',
    (view) => view.body.multipart?.partHeaders ?? [],
  ),
  scalar('MULTIPART_NAME', 2, 'Name of the last part.', (view) => view.body.multipart?.name),
  scalar(
    'MULTIPART_FILENAME',
    2,
    'File name of the last part that had one.',
    (view) => view.body.multipart?.filename,
  ),
];
