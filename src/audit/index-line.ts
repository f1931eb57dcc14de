// The line of one entry in the index of a concurrent audit log, in the manner of web server logs.

import { asciiLower } from '../base/ascii.ts';
import type { TransactionRecord } from '../model/transaction-record.ts';
import type { AuditForm } from './entry-options.ts';
import { escapeLogText } from './error-log-line.ts';
import { clfTime, type UtcOffset } from './local-time.ts';
import { masked } from './mask.ts';

export interface IndexedFile {
  /** Below the storage directory, beginning with a slash. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal MD5 of the file. */
  readonly digest: string;
}

// So that a line stays one line for log collectors, which cut at 4 KiB or so.
const MAX_FIELD = 512;

export function indexLine(
  record: TransactionRecord,
  file: IndexedFile,
  form: AuditForm,
  utcOffset?: UtcOffset,
): string {
  const { request, response, hostname, client, id, startedMs, sessionId } = masked(record);
  const header = (name: string): string =>
    quoted(request.headers.find(([known]) => asciiLower(known) === name)?.[1] ?? '');
  const users = form === 'v2' ? '- -' : '-';
  return [
    word(hostname),
    word(client.address),
    users,
    `[${clfTime(startedMs, utcOffset)}]`,
    quoted(request.line),
    response.status,
    response.body?.length ?? 0,
    header('referer'),
    header('user-agent'),
    word(id),
    quoted(sessionId),
    word(file.path),
    0,
    file.bytes,
    `md5:${file.digest}`,
  ].join(' ');
}

const cut = (text: string): string => text.slice(0, MAX_FIELD);
const quoted = (text: string): string => `"${text === '' ? '-' : escapeLogText(cut(text))}"`;
const word = (text: string): string =>
  text === '' ? '-' : escapeLogText(cut(text)).replaceAll(' ', '\\x20');
