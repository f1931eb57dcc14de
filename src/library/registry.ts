// Looks names up the way SecLang does: in any case, aliases included. A duplicate name is a mistake of
// ours and fails at once.

interface Named {
  readonly name: string;
  readonly aliases?: readonly string[];
}

export interface Registry<T extends Named> {
  readonly all: readonly T[];
  readonly find: (name: string) => T | undefined;
  /** All spellings, for suggestions. */
  readonly names: readonly string[];
}

export function createRegistry<T extends Named>(records: readonly T[]): Registry<T> {
  const byName = new Map<string, T>();
  const names: string[] = [];
  for (const record of records) {
    for (const name of [record.name, ...(record.aliases ?? [])]) {
      const key = name.toLowerCase();
      if (byName.has(key)) throw new TypeError(`"${name}" is registered twice`);
      byName.set(key, record);
      names.push(name);
    }
  }
  return Object.freeze({
    all: records,
    find: (name: string) => byName.get(name.toLowerCase()),
    names: Object.freeze(names),
  });
}
