// The inputs of `eval`: exchange records line by line, raw requests, HAR files.

import { createReadStream, readFileSync } from 'node:fs';
import { parseExchangeRecord, RecordError } from '../adapters/exchange-record.ts';
import { parseHar } from '../adapters/har.ts';
import { describeUnread } from '../adapters/record-fields.ts';
import { readRequest } from '../http/message.ts';
import type { ExchangeRecord } from '../model/exchange.ts';
import { UsageError } from './output.ts';

/** One record, or why there is none. `id` falls back to the line's number. */
export type EvalItem =
  | { readonly id: string; readonly record: ExchangeRecord }
  | { readonly id: string; readonly error: string };

const LF = 0x0a;
// Some editors put it in front of every text they save.
const BYTE_ORDER_MARK = '\ufeff';

function unreadable(path: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
  return new UsageError(`cannot read ${path} (${code})`);
}

/** Names told of in one run; somebody's generated names must not fill the screen. */
const MOST_NAMES = 20;

/** Tells of each field that is not read, once, with the line that has it first. */
function unreadTeller(
  path: string,
  talk: (text: string) => void,
): (number: number, field: string) => void {
  const told = new Set<string>();
  return (number, field) => {
    if (told.size > MOST_NAMES || told.has(field)) return;
    told.add(field);
    const what =
      told.size > MOST_NAMES ? 'more fields that are not read, not listed' : describeUnread(field);
    talk(`${path}:${number}: warning: ${what}\n`);
  };
}

function lineItem(line: string, number: number, unread: (field: string) => void): EvalItem {
  try {
    const record = parseExchangeRecord(line, unread);
    return { id: record.id ?? String(number), record };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return { id: error.id ?? String(number), error: `line ${number}: ${error.message}` };
  }
}

/**
 * Lines of a stream, split at LF alone. (Node's readline also splits at U+2028 and U+2029, which may stand
 * inside a JSON string.)
 */
async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      pending.push(chunk.subarray(from, end));
      yield Buffer.concat(pending).toString('utf8');
      pending = [];
      from = end + 1;
    }
    if (from < chunk.length) pending.push(chunk.subarray(from));
  }
  if (pending.length > 0) yield Buffer.concat(pending).toString('utf8');
}

async function* lines(path: string, talk: (text: string) => void): AsyncGenerator<EvalItem> {
  const tellUnread = unreadTeller(path, talk);
  const input: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path);
  try {
    let number = 0;
    for await (const read of linesOf(input)) {
      number++;
      const line = number === 1 && read.startsWith(BYTE_ORDER_MARK) ? read.slice(1) : read;
      const text = line.endsWith('\r') ? line.slice(0, -1) : line;
      const at = number;
      yield lineItem(text, at, (field) => tellUnread(at, field));
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function* har(path: string): Generator<EvalItem> {
  try {
    for (const record of parseHar(readFileSync(path, 'utf8'))) {
      yield { id: record.id ?? '', record };
    }
  } catch (error) {
    if (error instanceof RecordError) throw new UsageError(`${path}: ${error.message}`);
    throw unreadable(path, error);
  }
}

function* rawRequest(path: string): Generator<EvalItem> {
  let raw: string;
  try {
    raw = readFileSync(path, 'latin1');
  } catch (error) {
    throw unreadable(path, error);
  }
  const { method, uri, version, headers, line, body } = readRequest(raw);
  yield {
    id: path,
    record: {
      method,
      uri,
      version,
      line,
      headers: headers.map(({ key, value }) => [key, value]),
      body,
    },
  };
}

/**
 * Items of a file by its ending: `.http` one raw request, `.har` a browser's recording, else records.
 * `talk` hears of fields of records that nobody reads.
 */
export async function* readItems(
  path: string,
  talk: (text: string) => void,
): AsyncGenerator<EvalItem> {
  if (path.endsWith('.http')) yield* rawRequest(path);
  else if (path.endsWith('.har')) yield* har(path);
  else yield* lines(path, talk);
}
