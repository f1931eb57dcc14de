// Reads tar archives (ustar, with the pax and GNU ways to say a long name) from memory.
//
// The promise: every entry has a path below the folder it is unpacked to, no entry is larger than what
// the archive holds, and an archive that is cut off, altered or ambiguous is refused as a whole. Nothing
// is written here, and contents are views of the archive, so memory stays at the size of the archive.

export type TarEntryKind = 'file' | 'directory' | 'link' | 'other';

export interface TarEntry {
  /** Relative, with `/` between the parts, without `.` and `..`; one char per byte. */
  readonly path: string;
  readonly kind: TarEntryKind;
  /** Empty unless it is a file. */
  readonly data: Uint8Array;
}

export interface TarLimits {
  readonly maxEntries: number;
  readonly maxFileBytes: number;
}

/** The archive is damaged, or says something that a release archive has no reason to say. */
export class TarError extends Error {
  override readonly name: string = 'TarError';
}

const BLOCK = 512;
// Long names and comments; no real header comes near.
const MAX_EXTENSION_BYTES = 64 * 1024;
const MAX_PATH_BYTES = 4096;

const TYPES: Readonly<Record<string, TarEntryKind>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'link',
  '2': 'link',
  '5': 'directory',
};

function latin1(bytes: Uint8Array, start: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1');
}

function field(bytes: Uint8Array, start: number, length: number): string {
  const text = latin1(bytes, start, length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function octal(bytes: Uint8Array, start: number, length: number, what: string): number {
  const text = field(bytes, start, length).trim();
  // The base-256 form exists for sizes beyond 8 GiB, which are refused anyway.
  if (!/^[0-7]+$/.test(text)) throw new TarError(`an entry has no readable ${what}`);
  return Number.parseInt(text, 8);
}

function isZeroBlock(bytes: Uint8Array, at: number): boolean {
  for (let index = at; index < at + BLOCK; index++) if (bytes[index] !== 0) return false;
  return true;
}

function verifyChecksum(bytes: Uint8Array, at: number): void {
  const expected = octal(bytes, at + 148, 8, 'checksum');
  let sum = 8 * 0x20;
  for (let index = 0; index < BLOCK; index++) {
    if (index < 148 || index >= 156) sum += bytes[at + index] as number;
  }
  if (sum !== expected) throw new TarError('a header does not match its checksum');
}

function headerPath(bytes: Uint8Array, at: number): string {
  const name = field(bytes, at, 100);
  // Only POSIX headers have a prefix; GNU's old format uses the same bytes for times.
  const prefix = latin1(bytes, at + 257, 6) === 'ustar\0' ? field(bytes, at + 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The path without `./` and doubled slashes. Throws when it would leave its folder. */
function cleanPath(path: string): string {
  if (path.length > MAX_PATH_BYTES) throw new TarError('an entry has an overlong path');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const escapes = path.startsWith('/') || path.includes('\\') || path.includes('\0');
  if (escapes || parts.includes('..') || /^[A-Za-z]:/.test(path)) {
    throw new TarError(`the entry ${JSON.stringify(path)} lies outside of the archive`);
  }
  return parts.join('/');
}

/** Records of a pax header: `<length> <key>=<value>\n`. */
function paxRecords(text: string): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const length = /^\d{1,6} /.exec(text.slice(at, at + 7))?.[0] ?? '';
    const end = at + Number(length);
    const record = text.slice(at + length.length, end);
    const equals = record.indexOf('=');
    if (length === '' || end > text.length || equals < 1 || !record.endsWith('\n')) {
      throw new TarError('an extended header cannot be read');
    }
    records.set(record.slice(0, equals), record.slice(equals + 1, -1));
    at = end;
  }
  return records;
}

function refuseUnusualRecords(records: ReadonlyMap<string, string>, allowed: string): void {
  for (const key of records.keys()) {
    // A size here contradicts the header's; a sparse file's contents are not what is stored.
    const changesEntry = key === 'path' || key === 'size' || key.startsWith('GNU.sparse');
    if (changesEntry && key !== allowed) {
      throw new TarError(`an extended header sets ${key}, which is not supported`);
    }
  }
}

/** All entries in the order of the archive. Throws TarError. */
export function readTar(bytes: Uint8Array, limits: TarLimits): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  let longPath: string | undefined;
  let headers = 0;
  let at = 0;
  for (;;) {
    // A transfer that breaks off between two entries is told from a whole archive by the zero block.
    if (at + BLOCK > bytes.length) throw new TarError('the archive is cut off');
    if (isZeroBlock(bytes, at)) break;
    if (++headers > 2 * limits.maxEntries) throw new TarError('the archive has too many entries');
    verifyChecksum(bytes, at);
    const type = latin1(bytes, at + 156, 1);
    const size = octal(bytes, at + 124, 12, 'size');
    const start = at + BLOCK;
    const next = start + Math.ceil(size / BLOCK) * BLOCK;

    if (type === 'g' || type === 'x' || type === 'L' || type === 'K') {
      if (size > MAX_EXTENSION_BYTES) throw new TarError('an extended header is too long');
      if (next > bytes.length) throw new TarError('the archive is cut off');
      if (type === 'L') longPath = field(bytes, start, size);
      else if (type !== 'K') {
        const records = paxRecords(latin1(bytes, start, size));
        refuseUnusualRecords(records, type === 'x' ? 'path' : '');
        if (type === 'x') longPath = records.get('path') ?? longPath;
      }
      at = next;
      continue;
    }

    const written = longPath ?? headerPath(bytes, at);
    longPath = undefined;
    const named = TYPES[type] ?? 'other';
    // Before there was a type for them, directories were files with a slash at the end.
    const kind = named === 'file' && written.endsWith('/') ? 'directory' : named;
    if (kind === 'file' && size > limits.maxFileBytes) {
      throw new TarError(`${JSON.stringify(written)} is too large (${size} bytes)`);
    }
    // Links and directories have no contents, whatever their header says about a size.
    const hasContents = kind === 'file' || kind === 'other';
    if (hasContents && next > bytes.length) throw new TarError('the archive is cut off');
    const path = cleanPath(written);
    if (path !== '') {
      if (entries.length >= limits.maxEntries) {
        throw new TarError('the archive has too many entries');
      }
      const data = kind === 'file' ? bytes.subarray(start, start + size) : new Uint8Array(0);
      entries.push({ path, kind, data });
    }
    at = hasContents ? next : start;
  }
  return entries;
}
