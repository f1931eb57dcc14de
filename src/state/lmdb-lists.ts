// The lists of the LMDB store: a row for each item, an index by the time it ends, a size for each list.
// All functions but `get` want to be called inside a write transaction.

import {
  type Database,
  isShortened,
  keyBytes,
  type RootDatabase,
  TIME_BYTES,
  timeBytes,
} from './lmdb-database.ts';
import type { ListedItem } from './operations.ts';
import type { ListSlots } from './slots.ts';

/** The item is kept where its key does not hold the whole of it. */
type ItemRow = readonly [untilMs: number, item?: string];

interface ListBounds {
  readonly maxLists: number;
  readonly maxListItems: number;
}

/** What all keys of a list begin with: its name and a NUL, which no name holds. */
const prefixOf = (list: string): Buffer => join(keyBytes(list), Buffer.alloc(1));

export function lmdbLists(root: RootDatabase, bounds: ListBounds): ListSlots {
  const options = { keyEncoding: 'binary', encoding: 'msgpack' } as const;
  const rows: Database<ItemRow> = root.openDB({ name: 'list-items-1', ...options });
  const endings: Database<null> = root.openDB({ name: 'list-items-by-time-1', ...options });
  const sizes: Database<number> = root.openDB({ name: 'list-sizes-1', ...options });

  const remove = (list: Buffer, item: Buffer): void => {
    const row = rows.get(join(list, item));
    if (row === undefined) return;
    rows.removeSync(join(list, item));
    endings.removeSync(join(list, timeBytes(row[0]), item));
    const size = (sizes.get(list) ?? 1) - 1;
    if (size === 0) sizes.removeSync(list);
    else sizes.putSync(list, size);
  };

  const expire = (list: Buffer, nowMs: number): void => {
    for (const key of [
      ...endings.getKeys({ start: list, end: join(list, timeBytes(nowMs + 1)) }),
    ]) {
      const item = key.subarray(list.length + TIME_BYTES);
      const row = rows.get(join(list, item));
      if (row !== undefined && row[0] <= nowMs) remove(list, item);
    }
  };

  const hasRoomForList = (nowMs: number): boolean => {
    if (sizes.getStats().entryCount < bounds.maxLists) return true;
    for (const list of [...sizes.getKeys({})]) expire(list, nowMs);
    return sizes.getStats().entryCount < bounds.maxLists;
  };

  return {
    get: (list, item, nowMs) => {
      const row = rows.get(join(prefixOf(list), keyBytes(item)));
      return row !== undefined && row[0] > nowMs ? row[0] : undefined;
    },
    set: (name, item, untilMs, nowMs) => {
      const list = prefixOf(name);
      const place = keyBytes(item);
      expire(list, nowMs);
      const before = rows.get(join(list, place));
      const size = sizes.get(list) ?? 0;
      if (before === undefined) {
        if (size >= bounds.maxListItems) return false;
        if (size === 0 && !hasRoomForList(nowMs)) return false;
        sizes.putSync(list, size + 1);
      } else {
        endings.removeSync(join(list, timeBytes(before[0]), place));
      }
      rows.putSync(join(list, place), isShortened(item) ? [untilMs, item] : [untilMs]);
      endings.putSync(join(list, timeBytes(untilMs), place), null);
      return true;
    },
    delete: (list, item) => remove(prefixOf(list), keyBytes(item)),
    items: (name, nowMs, limit, after) => {
      const list = prefixOf(name);
      expire(list, nowMs);
      const size = sizes.get(list) ?? 0;
      const items: ListedItem[] = [];
      const start = after === undefined ? list : join(list, keyBytes(after));
      const end = join(keyBytes(name), Buffer.from([1]));
      for (const { key, value } of rows.getRange({ start, end })) {
        if (items.length >= limit) break;
        if (after !== undefined && key.equals(start)) continue;
        const item = value[1] ?? key.toString('latin1', list.length);
        items.push({ item, untilMs: value[0] });
      }
      return { size, items };
    },
  };
}

const join = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts);
