// A multipart/form-data body as Go's mime/multipart reads it, which is how Coraza reads bodies.
//
// Lenient where ModSecurity is strict: text in front of the first boundary and behind the last is nothing,
// parameters may be of any name, a missing end is no error. What Go does not forgive ends the reading.

import type { Pair } from '../model/pair.ts';
import { readGoMediaType } from './go-media-type.ts';
import { type GoPartHeaders, readGoPartHeaders } from './go-part-headers.ts';
import type { MultipartFile, MultipartReading } from './multipart.ts';
import { noFlags } from './multipart-flags.ts';
import { isBlank } from './text.ts';

export interface GoMultipartReading extends MultipartReading {
  /** Bytes of all files and all other values. */
  readonly combinedSize: number;
}

/** Linear in the body. Files are listed without the name of their field, as Coraza does. */
export function readGoMultipart(
  body: string,
  contentType: string,
  maxArguments: number,
): GoMultipartReading {
  const reader = new GoMultipartReader(body, maxArguments);
  const media = readGoMediaType(contentType);
  if (media === undefined) reader.error = 'the Content-Type cannot be read';
  else if (!media.type.startsWith('multipart/')) reader.error = 'not a multipart body';
  else reader.read(media.params.get('boundary') ?? '');
  return reader.reading();
}

class GoMultipartReader {
  error: string | undefined;
  readonly #body: string;
  readonly #maxArguments: number;
  readonly #args: Pair[] = [];
  readonly #files: MultipartFile[] = [];
  readonly #partHeaders: Pair[] = [];
  #combinedSize = 0;
  #truncated = false;
  #at = 0;
  /** How lines end: told by the line of the first boundary. */
  #newline = '\r\n';

  constructor(body: string, maxArguments: number) {
    this.#body = body;
    this.#maxArguments = maxArguments;
  }

  reading(): GoMultipartReading {
    const files = this.#files;
    return {
      args: this.#args,
      files,
      fileNames: files.map(({ filename }) => ({ key: '', value: filename })),
      partHeaders: this.#partHeaders,
      multipartName: undefined,
      multipartFilename: undefined,
      flags: noFlags(),
      crlfLfLines: false,
      strictError: this.error !== undefined,
      error: this.error === undefined ? undefined : `Multipart: ${this.error}`,
      truncated: this.#truncated,
      complete: this.error === undefined,
      noFilesBytes: this.#args.reduce((sum, { value }) => sum + value.length, 0),
      combinedSize: this.#combinedSize,
    };
  }

  read(boundary: string): void {
    if (boundary === '') {
      this.error = 'boundary is empty';
      return;
    }
    for (let parts = 0; this.#findPart(boundary, parts === 0); parts++) {
      const headers = readGoPartHeaders(this.#body, this.#at);
      if (headers === undefined) return;
      if (headers.error !== undefined) {
        this.error = headers.error;
        return;
      }
      this.#at = headers.end;
      const ended = this.#readPart(headers, boundary);
      if (this.error !== undefined || !ended) return;
    }
  }

  /** Goes behind the next boundary line; false at the end, or after an error. */
  #findPart(boundary: string, isFirst: boolean): boolean {
    let needsPart = false;
    for (;;) {
      const found = this.#body.indexOf('\n', this.#at);
      const end = found < 0 ? this.#body.length : found + 1;
      const line = this.#body.slice(this.#at, end);
      const behind = line.startsWith(`--${boundary}`)
        ? line.slice(boundary.length + 2).replace(/^[ \t]+/, '')
        : undefined;
      const afterFinal = line.startsWith(`--${boundary}--`)
        ? line.slice(boundary.length + 4).replace(/^[ \t]+/, '')
        : undefined;
      if (found >= 0 && behind !== undefined) {
        if (isFirst && behind === '\n') this.#newline = '\n';
        if (behind === this.#newline) {
          this.#at = end;
          return true;
        }
      }
      if (afterFinal === '' || (found >= 0 && afterFinal === this.#newline)) return false;
      if (found < 0) this.error = 'NextPart: EOF';
      else if (needsPart) this.error = 'expecting a new Part';
      else if (!isFirst && line !== this.#newline) this.error = 'unexpected line in Next()';
      if (this.error !== undefined) return false;
      needsPart = !isFirst;
      this.#at = end;
    }
  }

  /** False when the body ends before a boundary does. */
  #readPart({ values, names }: GoPartHeaders, boundary: string): boolean {
    const start = this.#at;
    const end = this.#endOfPart(boundary);
    const stops = end < this.#body.length;
    this.#at = end;
    const encoded = values.get('Content-Transfer-Encoding')?.[0];
    const isQuotedPrintable = encoded !== undefined && /^quoted-printable$/i.test(encoded);
    const raw = this.#body.slice(start, end);
    const content = isQuotedPrintable ? unquotedPrintable(raw) : raw;
    const media = readGoMediaType(values.get('Content-Disposition')?.[0] ?? '');
    const name = media?.type === 'form-data' ? (media.params.get('name') ?? '') : '';
    const filename = baseName(media?.params.get('filename') ?? '');
    for (const header of names) {
      if (isQuotedPrintable && header === 'Content-Transfer-Encoding') continue;
      for (const value of values.get(header) ?? []) {
        this.#partHeaders.push({ key: name, value: `${header}: ${value}` });
      }
    }
    this.#combinedSize += content.length;
    if (filename !== '') {
      const contentType = values.get('Content-Type')?.[0];
      const size = content.length;
      this.#files.push({
        field: name,
        filename,
        extendedFilename: undefined,
        size,
        content,
        contentType,
      });
    } else if (this.#args.length < this.#maxArguments) {
      this.#args.push({ key: name, value: content });
    } else {
      this.#truncated = true;
      this.error = 'more arguments than allowed';
    }
    return stops;
  }

  /** Where the line end in front of the next boundary is; the end of the body when there is none. */
  #endOfPart(boundary: string): number {
    const body = this.#body;
    const dashes = `--${boundary}`;
    // The boundary may follow the headers at once.
    if (body.startsWith(dashes, this.#at) && endsBoundary(body, this.#at + dashes.length)) {
      return this.#at;
    }
    const delimiter = this.#newline + dashes;
    for (let from = this.#at; ; ) {
      const found = body.indexOf(delimiter, from);
      if (found < 0) return body.length;
      if (endsBoundary(body, found + delimiter.length)) return found;
      from = found + delimiter.length;
    }
  }
}

/** Whether what follows a boundary lets it be one. */
function endsBoundary(body: string, at: number): boolean {
  return at === body.length || /^(?:[ \t\r\n]|--)/.test(body.slice(at, at + 2));
}

function baseName(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  const name = path.slice(0, end);
  return name === '/' ? name : name.slice(name.lastIndexOf('/') + 1);
}

function unquotedPrintable(text: string): string {
  return text
    .split('\n')
    .map((line) => withoutEndBlanks(line))
    .join('\n')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
}

/** Blanks in front of a line end mean nothing in quoted-printable. */
function withoutEndBlanks(line: string): string {
  const ending = line.endsWith('\r') ? '\r' : '';
  let end = line.length - ending.length;
  while (end > 0 && isBlank(line.charCodeAt(end - 1))) end--;
  return line.slice(0, end) + ending;
}
