// Data types of one's own: a pattern, a check sum, words in front.
//
// Patterns run on the linear automata of `regex/` or not at all, and must have a longest match: a text that arrives in
// chunks has to be held back that far.

import { suggest } from '../../diagnostics/suggest.ts';
import { OperatorArgumentError } from '../../model/operator.ts';
import type { CompiledPattern } from '../../regex/compiled-pattern.ts';
import { dialectFlags } from '../../regex/dialect.ts';
import { compilePattern } from '../../regex/matcher.ts';
import { parsePattern } from '../../regex/parse.ts';
import { maxWidth, minWidth } from '../../regex/width.ts';
import { CHECKSUMS, type Checksum } from './checksums.ts';
import { contextTest } from './context.ts';
import type { DataSetName, DataType } from './data-type.ts';
import { DataTypeError } from './data-type-error.ts';
import { defineDataType } from './define.ts';

export interface OwnType {
  /** Kebab case. */
  readonly name: string;
  /** What it finds. Default: the pattern. */
  readonly summary?: string;
  /** A regular expression, PCRE syntax; matches are at most 512 bytes long. */
  readonly pattern: string;
  /** Letters in either case. Default: false. */
  readonly ignoreCase?: boolean;
  /** A name of `CHECKSUMS`. Default: none. */
  readonly checksum?: string;
  /** Words, one of which must stand within 80 bytes in front of a match. Default: none is asked for. */
  readonly context?: readonly string[];
  /** Default: none. */
  readonly sets?: readonly DataSetName[];
  /** How many of the last letters and digits a mask leaves. Default: 0. */
  readonly legible?: number;
}

export const LONGEST_OWN_MATCH = 512;
const RANK = 50;

/** Throws `DataTypeError` with the place in the pattern where it is known. */
export function compileOwnType(own: OwnType): DataType {
  const { name, pattern, context, legible = 0, sets = [] } = own;
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new DataTypeError('bad-data-type-name', `"${name}" cannot be the name of a data type`, {
      offset: 0,
      length: name.length,
      help: 'write small letters, digits and hyphens, as in employee-number',
    });
  }
  const checksum = checksumNamed(own.checksum);
  const words = context?.map((one) =>
    one
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9\x80-\xff]+/g, ' '),
  );
  if (words !== undefined && (words.length === 0 || words.some((word) => word.trim() === ''))) {
    throw new DataTypeError('empty-context', `the context of "${name}" has no words`, {
      help: 'name the words that stand in front of such values, or leave context out',
    });
  }
  const inContext = words === undefined ? undefined : contextTest(words);
  const { matcher, width } = compileLinear(pattern, own.ignoreCase ?? false);
  return defineDataType(
    {
      name,
      summary: own.summary ?? `matches of ${pattern}`,
      sets,
      evidence: checksum === undefined ? (words === undefined ? 'format' : 'context') : 'checksum',
      rank: RANK,
      legible,
    },
    {
      matcher,
      width,
      accepts: (text, { start, end }) =>
        (checksum === undefined || checksum.isValid(text.slice(start, end))) &&
        (inContext === undefined || inContext(text, start)),
    },
  );
}

function checksumNamed(name: string | undefined): Checksum | undefined {
  if (name === undefined) return undefined;
  const checksum = CHECKSUMS.find((one) => one.name === name);
  if (checksum !== undefined) return checksum;
  const known = CHECKSUMS.map((one) => one.name);
  const closest = suggest(name, known);
  throw new DataTypeError('unknown-checksum', `"${name}" is not a check sum`, {
    offset: 0,
    length: name.length,
    help: closest === undefined ? `known are ${known.join(', ')}` : `did you mean "${closest}"?`,
  });
}

function compileLinear(
  pattern: string,
  caseless: boolean,
): { readonly matcher: CompiledPattern; readonly width: number } {
  const matcher = compileOrExplain(pattern, caseless);
  // The reason goes on with what runs the pattern elsewhere.
  if (matcher.engine !== 'dfa') throw notLinear(matcher.reason.replace(/[,;].*/s, ''));
  const { root } = parsePattern(pattern, dialectFlags('modsecurity-2', { caseless }));
  const width = maxWidth(root);
  if (minWidth(root) === 0) {
    throw new DataTypeError('regex-matches-nothing', 'the pattern matches the empty text', {
      help: 'make it match one byte at least: every place of every text would be a finding',
    });
  }
  if (width > LONGEST_OWN_MATCH) {
    const long = width === Infinity ? 'no longest match' : `matches of up to ${width} bytes`;
    throw new DataTypeError('regex-unbounded', `the pattern has ${long}`, {
      help: `give *, + and {n,} an upper bound so that a match has at most ${LONGEST_OWN_MATCH} bytes, as in \\d{1,20}`,
    });
  }
  return { matcher, width };
}

function compileOrExplain(pattern: string, caseless: boolean): CompiledPattern {
  try {
    return compilePattern(pattern, { caseless });
  } catch (error) {
    if (!(error instanceof OperatorArgumentError)) throw error;
    if (error.code === 'regex-needs-pcre2') {
      throw notLinear(/it has (.*?), which needs/.exec(error.message)?.[1] ?? error.message);
    }
    const { offset, length, help } = error;
    throw new DataTypeError('invalid-regex', error.message, { offset, length, help });
  }
}

function notLinear(reason: string): DataTypeError {
  return new DataTypeError(
    'regex-not-linear',
    `the pattern cannot be run in linear time: it has ${reason}`,
    { help: 'write it without back references, atomic groups and lookarounds of more than a byte' },
  );
}
