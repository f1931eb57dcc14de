// A file of address ranges, as CSV or JSON, to a lookup: which value holds for an address.
//
// CSV: `range,value` a line; a first line that begins with `range` is a heading. JSON: a list of
// `{"range": ..., "value": ...}` or one mapping from ranges to values. Where the policy gives the value,
// ranges stand alone. The narrowest range that holds an address counts; of equal ones, the last.

import { asciiLower } from '../../base/ascii.ts';
import { type ByteString, utf8ByteString } from '../../base/bytes.ts';
import type { IpPrefix } from '../../base/ip.ts';
import { buildPrefixSet } from '../../base/prefix-set.ts';
import { parseRange } from './address-range.ts';
import type { DataFile } from './data-file.ts';
import { readJsonRows } from './json-rows.ts';
import { cellsOf, linesOf } from './lines.ts';
import { RANGE_VALUES, type RangeValues } from './range-values.ts';
import type { RangeKind, RangeListOptions } from './schema.ts';

/** The prefixes of a file's ranges, each with its value. */
export interface RangeList<T> {
  readonly prefixes: readonly IpPrefix[];
  readonly values: readonly T[];
}

/** What holds for 4 or 16 bytes of an address. */
export type RangeLookup<T> = (address: Uint8Array) => T | undefined;

/** A range with its value as written, and where it stands. */
interface Row {
  readonly range: ByteString;
  readonly value: ByteString | undefined;
  readonly start: number;
  readonly end: number;
}

export function parseRangeList<K extends RangeKind>(
  file: DataFile,
  { kind, value }: RangeListOptions & { readonly kind: K },
): RangeList<RangeValues[K]> {
  const { read, expected } = RANGE_VALUES[kind];
  const fixed = value === undefined ? undefined : utf8ByteString(String(value));
  const prefixes: IpPrefix[] = [];
  const values: RangeValues[K][] = [];
  const rows = /\.json$/i.test(file.path) ? jsonRows(file) : csvRows(file, fixed !== undefined);
  for (const row of rows) {
    if (file.isTooWrong()) break;
    const range = parseRange(row.range);
    const written = fixed ?? row.value;
    const meaning = written === undefined ? undefined : read(written);
    if (range === undefined) {
      const help = 'write 192.0.2.7, 192.0.2.0/24 or 192.0.2.1-192.0.2.9';
      file.wrong(`"${row.range}" is no range of addresses`, row.start, row.end, help);
    } else if (meaning === undefined) {
      const found = written === undefined ? 'the range has no value' : `"${written}" is no ${kind}`;
      file.wrong(`${found}, expected ${expected}`, row.start, row.end);
    } else {
      for (const prefix of range) {
        prefixes.push(prefix);
        values.push(meaning);
      }
    }
  }
  return { prefixes, values };
}

function* csvRows(file: DataFile, rangesOnly: boolean): Generator<Row> {
  let isFirst = true;
  for (const { text, start } of linesOf(file.text)) {
    const end = start + text.length;
    const cells = cellsOf(text);
    const [range = '', value] = cells ?? [];
    if (isFirst && asciiLower(range) === 'range') {
      isFirst = false;
      continue;
    }
    isFirst = false;
    if (cells === undefined) file.wrong('a quoted cell has no end', start, end);
    else if (cells.length > 2 || (rangesOnly && cells.length > 1)) {
      const expected = rangesOnly
        ? 'the range alone, as the policy gives the value'
        : 'range,value';
      file.wrong(`the line has ${cells.length} cells, expected ${expected}`, start, end);
    } else yield { range, value, start, end };
  }
}

function* jsonRows(file: DataFile): Generator<Row> {
  for (const { range, value, start, end } of readJsonRows(file)) {
    if (range === undefined) file.wrong('the item has no text "range"', start, end);
    else yield { range, value, start, end };
  }
}

/** The value of the narrowest range around the address. */
export function narrowest<T>({ prefixes, values }: RangeList<T>): RangeLookup<T> {
  const set = buildPrefixSet(prefixes);
  return (address) => values[set.longest(address)];
}

/** Every value that some range around the address has; for kinds with a handful of values. */
export function everyValue<T>({ prefixes, values }: RangeList<T>): RangeLookup<readonly T[]> {
  const sets = [...new Set(values)].map((value) => ({
    value,
    set: buildPrefixSet(prefixes.filter((_, at) => values[at] === value)),
  }));
  return (address) => {
    const found = sets.filter(({ set }) => set.contains(address)).map(({ value }) => value);
    return found.length === 0 ? undefined : found;
  };
}
