// A source's tree, from where one of the same text was kept.
//
// Trees without diagnostics alone are kept: what diagnostics say depends on more than the text, such as the source's
// name, and broken rules are not loaded often.

import type { Source } from '../diagnostics/source.ts';
import type { Memo } from '../model/memo.ts';
import { type PackedDocument, packDocument, unpackDocument } from './packed-document.ts';
import { type ParseResult, parse } from './parse.ts';
import type { Recognisers } from './recognisers.ts';
import { type Syntax, syntaxKey } from './syntax.ts';

/** What `parse` gives. */
export function parseRemembered(
  source: Source,
  syntax: Syntax,
  recognisers: Recognisers,
  memo: Memo,
): ParseResult {
  if (!memo.outlivesLoad) return parse(source, syntax, recognisers);
  let parsed: ParseResult | undefined;
  const key = `${syntaxKey(syntax)}\n${source.text}`;
  const kept = memo.recall('document', key, (): PackedDocument | null => {
    parsed = parse(source, syntax, recognisers);
    return parsed.diagnostics.length > 0 ? null : packDocument(parsed.document);
  });
  if (parsed !== undefined) return parsed;
  if (kept === null) return parse(source, syntax, recognisers);
  return { document: unpackDocument(kept, source), diagnostics: [] };
}
