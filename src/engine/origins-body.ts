// Where arguments and uploads lie in a request, as libmodsecurity counts.
//
// Everything is read again from the request as it came, because rules that run keep no places. What looks odd
// is libmodsecurity's: a value of a form begins behind as many bytes as its name has once it is decoded; the
// name of a part stands right before its value, and a file's one byte too far if it is quoted; what is known
// of a file is counted from the end of a line.

import { parseMultipart } from '../http/multipart.ts';
import type { PartPlace } from '../http/multipart-watch.ts';
import { parseUrlencoded } from '../http/urlencoded.ts';
import type { Pair } from '../model/pair.ts';
import type { NamedSpan, Span } from './origins-head.ts';
import type { TransactionState } from './state.ts';

export interface ArgumentOrigins {
  readonly names: readonly NamedSpan[];
  readonly values: readonly NamedSpan[];
}

export interface UploadOrigins {
  readonly fields: readonly NamedSpan[];
  readonly filenames: readonly NamedSpan[];
  readonly sizes: readonly NamedSpan[];
  readonly contents: readonly NamedSpan[];
  /** The last part's name and file name. */
  readonly lastName: Span | undefined;
  readonly lastFilename: Span | undefined;
}

/** Arguments of a query string or a form that begins at `start`. */
export function formOrigins(text: string, start: number, state: TransactionState): ArgumentOrigins {
  const { argumentSeparator: separator } = state.settings;
  const { args } = parseUrlencoded(text, { separator });
  const pieces = text.split(separator);
  const names: NamedSpan[] = [];
  const values: NamedSpan[] = [];
  let at = start;
  args.forEach(({ key, value }, index) => {
    names.push({ key, value: key, offset: at, length: key.length });
    values.push({ key, value, offset: at + key.length + 1, length: value.length });
    at += (pieces[index]?.length ?? 0) + separator.length;
  });
  return { names, values };
}

/** Members of JSON and XML bodies have no place; libmodsecurity counts each from 0. */
export function memberOrigins(pairs: readonly Pair[]): ArgumentOrigins {
  return {
    names: pairs.map(({ key }) => ({ key, value: key, offset: 0, length: key.length })),
    values: pairs.map(({ key, value }) => ({
      key,
      value,
      offset: key.length + 1,
      length: value.length,
    })),
  };
}

export interface MultipartOrigins {
  readonly args: ArgumentOrigins;
  readonly uploads: UploadOrigins;
}

/** Parts of a multipart body that begins at `start`. */
export function multipartOrigins(
  body: string,
  start: number,
  { request, settings }: TransactionState,
): MultipartOrigins {
  const parts: PartPlace[] = [];
  parseMultipart(body, request.contentTypes, {
    joinsLines: settings.behaviour.multipartLines === 'joined',
    watch: { part: (place) => parts.push(place) },
  });
  const args = parts.filter(({ filename }) => filename === undefined);
  const files = parts.filter(({ filename }) => filename !== undefined);
  const nameSpan = ({ name, disposition, nameEnd }: PartPlace): NamedSpan =>
    spanBefore(name, name, start + disposition + nameEnd);
  const filenameSpan = ({ name, filename = '', disposition, filenameEnd }: PartPlace): NamedSpan =>
    spanBefore(name, filename, start + disposition + filenameEnd);
  const last = parts.at(-1);
  const lastFile = files.at(-1);
  return {
    args: {
      names: args.map((part) => {
        const { name } = part;
        const offset = start + part.dataStart - name.length;
        return { key: name, value: name, offset, length: name.length };
      }),
      values: args.map((part) => ({
        key: part.name,
        value: part.value,
        offset: start + 1 + part.dataStart,
        length: part.value.length,
      })),
    },
    uploads: {
      fields: files.map(nameSpan),
      filenames: files.map(filenameSpan),
      sizes: files.map((part) => {
        const length = part.dataEnd - part.dataStart;
        const offset = start + part.dataStart + lineEndLength(body, part.dataStart);
        return { key: part.name, value: String(length), offset, length };
      }),
      contents: files.map((part) => {
        const line = body.lastIndexOf('\n', part.dataEnd - 1) + 1;
        const from = Math.max(line, part.dataStart);
        const offset = start + from + lineEndLength(body, from);
        return { key: part.name, value: part.value, offset, length: part.value.length };
      }),
      lastName: last && nameSpan(last),
      lastFilename: lastFile && filenameSpan(lastFile),
    },
  };
}

const spanBefore = (key: string, value: string, end: number): NamedSpan => ({
  key,
  value,
  offset: end - value.length,
  length: value.length,
});

/** How long the end of the line is that `from` lies in. */
function lineEndLength(body: string, from: number): number {
  const feed = body.indexOf('\n', from);
  if (feed < 0) return 0;
  return feed > from && body[feed - 1] === '\r' ? 2 : 1;
}
