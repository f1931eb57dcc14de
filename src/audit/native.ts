// An entry of the native audit log: sections between boundary lines, in ModSecurity v2's or v3's layout.
//
// Promise: whatever a request holds, a reader finds the sections that were written and no others. The
// boundary is drawn at random for each entry and occurs nowhere else in it.

import type { TransactionRecord } from '../model/transaction-record.ts';
import { type AuditForm, DEFAULT_ENTRY_OPTIONS, type EntryOptions } from './entry-options.ts';
import { fakeBody } from './fake-body.ts';
import { clfTime } from './local-time.ts';
import { masked } from './mask.ts';
import { hasPart, type Part, showsFakeBody, showsRawBody } from './parts.ts';
import { ruleLine } from './rule-line.ts';
import { STATUS_PHRASES } from './status-phrases.data.ts';
import { hexEscaped, oneLine, withoutBoundaries } from './text.ts';
import { trailerLines } from './trailer.ts';
import { matchedRulesText, uploadsText } from './uploads.ts';

export interface NativeOptions extends EntryOptions {
  /** Eight chars, new for each entry. */
  readonly boundary: (form: AuditForm) => string;
}

type Section = readonly [Part, string];

/** The record after masking is what is written; the caller's record is not changed. */
export function nativeEntry(
  record: TransactionRecord,
  form: AuditForm,
  options: Partial<NativeOptions> = {},
): string {
  const all = { ...DEFAULT_ENTRY_OPTIONS, boundary: randomBoundary, ...options };
  const shown = masked(record);
  const raw = form === 'v2' ? sectionsOfV2(shown, all) : sectionsOfV3(shown, all);
  const sections = raw.map(([part, content]): Section => [part, withoutBoundaries(content)]);
  let boundary = all.boundary(form);
  for (
    let draw = 0;
    draw < 8 && sections.some(([, content]) => content.includes(boundary));
    draw++
  ) {
    boundary = all.boundary(form);
  }
  return form === 'v2' ? joinV2(sections, boundary) : joinV3(sections, boundary);
}

const HEX = '0123456789abcdef';
const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function randomBoundary(form: AuditForm): string {
  const alphabet = form === 'v2' ? HEX : ALPHANUMERIC;
  let text = '';
  for (const byte of globalThis.crypto.getRandomValues(new Uint8Array(8))) {
    text += alphabet[byte % alphabet.length];
  }
  return text;
}

// v2 begins each section on a new line of its own; v3 ends each with an empty line.
function joinV2(sections: readonly Section[], boundary: string): string {
  const text = sections.map(([part, content]) => `--${boundary}-${part}--\n${content}`);
  return `${text.join('\n')}\n`;
}

function joinV3(sections: readonly Section[], boundary: string): string {
  return sections.map(([part, content]) => `---${boundary}---${part}--\n${content}\n`).join('');
}

function opening(record: TransactionRecord, options: EntryOptions): string {
  const { client, server } = record;
  const at = clfTime(record.startedMs, options.utcOffset);
  return `[${at}] ${word(record.id)} ${word(client.address)} ${client.port} ${word(server.address)} ${server.port}`;
}

/** Blanks separate the words of the line. */
const word = (text: string): string =>
  text === '' ? '-' : hexEscaped(text).replaceAll(' ', '\\x20');

function headerLines(headers: TransactionRecord['request']['headers']): string {
  return headers.map(([name, value]) => `${oneLine(name)}: ${oneLine(value)}\n`).join('');
}

function sectionsOfV2(record: TransactionRecord, options: EntryOptions): readonly Section[] {
  const { auditLogParts: parts, request, response } = record;
  const sections: Section[] = [['A', opening(record, options)]];
  if (hasPart(parts, 'B')) {
    sections.push(['B', `${oneLine(request.line)}\n${headerLines(request.headers)}`]);
  }
  if (showsRawBody(parts, request.isMultipart) && request.body !== undefined) {
    sections.push(['C', request.body]);
  }
  if (showsFakeBody(parts, request.isMultipart)) {
    sections.push(['I', fakeBody(request.bodyArgs)]);
  }
  if (hasPart(parts, 'F')) {
    // A connection closed without an answer has no response headers.
    const head =
      response.status === 0 ? '' : `${statusLine(record)}\n${headerLines(response.headers)}`;
    sections.push(['F', head]);
  }
  const showsResponse = hasPart(parts, 'E') && response.body !== undefined;
  if (showsResponse) sections.push(['E', response.body]);
  if (hasPart(parts, 'H')) {
    const lines = trailerLines(record, { producer: options.producer, showsResponse });
    sections.push(['H', lines.map((line) => `${oneLine(line)}\n`).join('')]);
  }
  if (hasPart(parts, 'J') && request.isMultipart)
    sections.push(['J', uploadsText(request.uploads)]);
  if (hasPart(parts, 'K')) sections.push(['K', matchedRulesText(record)]);
  sections.push(['Z', '']);
  return sections;
}

function statusLine({ response }: TransactionRecord): string {
  const phrase = STATUS_PHRASES.get(response.status);
  const status = phrase === undefined ? response.status : `${response.status} ${phrase}`;
  return `${oneLine(response.protocol)} ${status}`;
}

// v3 names D, G, I, J and K without writing them; I, J and K have the content that v2 gives them here.
function sectionsOfV3(record: TransactionRecord, options: EntryOptions): readonly Section[] {
  const { auditLogParts: parts, request, response } = record;
  const sections: Section[] = [['A', opening(record, options)]];
  const add = (part: Part, content: string): void => {
    if (hasPart(parts, part)) sections.push([part, content]);
  };
  add('B', `${oneLine(request.line)}\n${headerLines(request.headers)}`);
  if (request.body !== undefined && request.body !== '') add('C', `${request.body}\n`);
  add('D', '');
  if (response.body !== undefined && response.body !== '')
    add('E', `${hexEscaped(response.body)}\n`);
  add('F', `${oneLine(response.protocol)} ${response.status}\n${headerLines(response.headers)}`);
  add('G', '');
  const lines = record.matches
    .filter(({ audited }) => audited)
    .map((match) => `${ruleLine(match, record)}\n`);
  add('H', lines.join(''));
  add('I', request.isMultipart ? `${fakeBody(request.bodyArgs)}\n` : '');
  add('J', request.isMultipart ? uploadsText(request.uploads) : '');
  add('K', hasPart(parts, 'K') ? matchedRulesText(record) : '');
  sections.push(['Z', '']);
  return sections;
}
