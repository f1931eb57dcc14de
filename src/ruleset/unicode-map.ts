// Reads the block of one code page out of a unicode.mapping file.

const NAMED = /^(\d+)\s*(?:\(.*)?$/;

/**
 * 65,536 entries, -1 where unmapped; undefined when the file has no such code page.
 *
 * The file names a code page on a line of its own, then lists `xxxx:yy` pairs in hex until the next one.
 */
export function readUnicodeMap(text: string, codePage: string): Int32Array | undefined {
  let map: Int32Array | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const named = NAMED.exec(line.trim())?.[1];
    if (named !== undefined) {
      if (map !== undefined) break;
      if (named === codePage) map = new Int32Array(65_536).fill(-1);
      continue;
    }
    if (map === undefined) continue;
    for (const pair of line.split(/\s+/)) {
      const match = /^([0-9a-fA-F]{4}):([0-9a-fA-F]{2})$/.exec(pair);
      if (match !== null)
        map[Number.parseInt(match[1] as string, 16)] = Number.parseInt(match[2] as string, 16);
    }
  }
  return map;
}
