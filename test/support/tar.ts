// Writes tar archives for tests, including ones that no tar program would write.

export interface TarPart {
  readonly path: string;
  readonly text?: string;
  /** Default `0`, a file. */
  readonly type?: string;
  /** What the header says instead of the length of `text`. */
  readonly size?: string;
  readonly prefix?: string;
  readonly checksum?: string;
}

const BLOCK = 512;

function header(part: TarPart, length: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(part.path, 0, 100, 'latin1');
  block.write('0000644\0', 100);
  block.write(part.size ?? `${length.toString(8).padStart(11, '0')}\0`, 124, 12, 'latin1');
  block.write('        ', 148);
  block.write(part.type ?? '0', 156, 1, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(part.prefix ?? '', 345, 155, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(part.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
  return block;
}

export function tarPart(part: TarPart): Buffer {
  const contents = Buffer.from(part.text ?? '', 'latin1');
  const padding = Buffer.alloc((BLOCK - (contents.length % BLOCK)) % BLOCK);
  return Buffer.concat([header(part, contents.length), contents, padding]);
}

/** A whole archive, with the zero blocks at its end. */
export function tarOf(parts: readonly TarPart[]): Buffer {
  return Buffer.concat([...parts.map(tarPart), Buffer.alloc(2 * BLOCK)]);
}

export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return `${length}${rest}`;
}
