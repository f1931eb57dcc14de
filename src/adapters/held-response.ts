// Holds back what a listener writes to a node:http response until the rules have judged it.
//
// The listener writes as ever. Its calls queue up here and reach the real response in order: at once
// when the rules do not want the body, else when the whole of it has passed.

import type { ServerResponse } from 'node:http';
import type { Header } from '../model/exchange.ts';
import type { BodyRedaction } from '../model/transaction.ts';
import { blockedResponse } from './blocked-response.ts';
import type { BodyHold } from './body-hold.ts';
import type { BudgetShare } from './buffer-budget.ts';
import { ByteCollector } from './byte-collector.ts';
import type { GuardedExchange } from './guarded-exchange.ts';
import { asBuffer, isOfTheBytes, isReplaced } from './policy-effects.ts';

type Callback = (error?: Error | null) => void;

export function holdResponse(
  response: ServerResponse,
  exchange: GuardedExchange,
  hold: BodyHold,
  budget: BudgetShare,
): void {
  const held = new HeldResponse(response, exchange, hold, budget);
  const replaced = {
    writeHead: (status: number, ...rest: unknown[]): ServerResponse => {
      held.setHead(status, rest);
      return response;
    },
    // The head may only leave when it has been judged, which is when the first content comes.
    flushHeaders: (): void => {},
    write: (chunk: unknown, ...rest: unknown[]): boolean => held.write(chunk, rest),
    end: (...args: unknown[]): ServerResponse => {
      held.end(args);
      return response;
    },
  };
  Object.assign(response, replaced);
}

class HeldResponse {
  readonly #response: ServerResponse;
  readonly #exchange: GuardedExchange;
  readonly #hold: BodyHold;
  readonly #budget: BudgetShare;
  readonly #realWrite: (chunk: Buffer) => boolean;
  readonly #realEnd: () => void;
  readonly #realWriteHead: (status: number, headers: string[]) => void;
  readonly #collector = new ByteCollector();
  #redaction: BodyRedaction | undefined;
  #changesBody = false;
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  #state: 'new' | 'holding' | 'streaming' | 'blocked' = 'new';

  constructor(
    response: ServerResponse,
    exchange: GuardedExchange,
    hold: BodyHold,
    budget: BudgetShare,
  ) {
    this.#response = response;
    this.#exchange = exchange;
    this.#hold = hold;
    this.#budget = budget;
    this.#realWrite = response.write.bind(response);
    this.#realEnd = response.end.bind(response);
    this.#realWriteHead = response.writeHead.bind(response);
  }

  /** `writeHead(status, [reason], [headers])`: remembered, not sent. */
  setHead(status: number, rest: readonly unknown[]): void {
    const [first, second] = rest;
    this.#response.statusCode = status;
    if (typeof first === 'string') this.#response.statusMessage = first;
    const headers = typeof first === 'string' ? second : first;
    if (Array.isArray(headers)) this.#setPairs(headers);
    else if (typeof headers === 'object' && headers !== null) {
      for (const [name, value] of Object.entries(headers)) this.#setHeader(name, value);
    }
  }

  write(chunk: unknown, rest: readonly unknown[]): boolean {
    const callback = rest.find((value) => typeof value === 'function') as Callback | undefined;
    this.#enqueue(async () => {
      await this.#take(toBuffer(chunk, rest[0]));
      callback?.();
    });
    return this.#queued < 2;
  }

  end(args: readonly unknown[]): void {
    const [chunk, encoding] = args;
    const callback = args.find((value) => typeof value === 'function') as Callback | undefined;
    if (callback !== undefined) this.#response.once('finish', callback);
    this.#enqueue(async () => {
      if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') {
        await this.#take(toBuffer(chunk, encoding));
      }
      await this.#finish();
    });
  }

  #enqueue(step: () => Promise<void>): void {
    this.#queued++;
    this.#queue = this.#queue
      .then(step)
      .catch(() => {
        this.#response.destroy();
      })
      .then(() => {
        this.#queued--;
        if (this.#queued === 0) this.#response.emit('drain');
      });
  }

  async #take(chunk: Buffer): Promise<void> {
    await this.#judgeHead();
    if (this.#state === 'streaming') return this.#pass(chunk);
    if (this.#state !== 'holding') return;
    const exchange = this.#exchange;
    if (!this.#budget.take(chunk.length)) exchange.block('buffer-memory', 4, 503);
    for (const piece of this.#collector.add(chunk)) exchange.responseBody(piece);
    let isWanted = exchange.wantsResponseBody;
    if (this.#collector.bytes > this.#hold.bytes) {
      if (this.#hold.beyond === 'stream') isWanted = false;
      else exchange.block('response-body-limit', 4, 500);
    }
    if (exchange.isBlocked) this.#answerBlock();
    else if (!isWanted) await this.#release();
  }

  async #judgeHead(isWhole = false): Promise<void> {
    if (this.#state !== 'new') return;
    const exchange = this.#exchange;
    await exchange.responseHead({
      status: this.#response.statusCode,
      headers: headersOf(this.#response),
    });
    const isBodyless = this.#response.req.method === 'HEAD';
    if (exchange.isBlocked) this.#answerBlock();
    else if (exchange.wantsResponseBody && !isBodyless) this.#state = 'holding';
    else await this.#release(isWhole);
  }

  async #finish(): Promise<void> {
    await this.#judgeHead(true);
    if (this.#state === 'holding') await this.#release(true);
    if (this.#state !== 'streaming') return;
    if (this.#redaction !== undefined) await this.#write(asBuffer(this.#redaction.end()));
    this.#realEnd();
  }

  /** Phase 4 on what there is; then it goes out, and so does what follows. */
  async #release(isWhole = false): Promise<void> {
    for (const piece of this.#collector.flush()) this.#exchange.responseBody(piece);
    await this.#exchange.endResponse(!isWhole);
    if (this.#exchange.isBlocked) return this.#answerBlock();
    this.#redaction = this.#exchange.redaction;
    this.#changesBody = this.#redaction !== undefined;
    if (this.#exchange.isBlocked) return this.#answerBlock();
    this.#state = 'streaming';
    const pieces = this.#collector.pieces.map((piece) => this.#redacted(piece));
    if (isWhole && this.#redaction !== undefined) {
      pieces.push(asBuffer(this.#redaction.end()));
      this.#redaction = undefined;
    }
    this.#sendHead(isWhole ? pieces : undefined);
    for (const piece of pieces) await this.#write(piece);
  }

  #redacted(chunk: Buffer): Buffer {
    return this.#redaction === undefined ? chunk : asBuffer(this.#redaction.push(chunk));
  }

  /** `pieces`: the whole body. */
  #sendHead(pieces: readonly Buffer[] | undefined): void {
    const response = this.#response;
    if (this.#changesBody) {
      for (const name of response.getHeaderNames()) {
        if (isOfTheBytes(name)) response.removeHeader(name);
      }
    }
    const injected = this.#exchange.inject.response;
    for (const name of response.getHeaderNames()) {
      if (isReplaced(name, injected)) response.removeHeader(name);
    }
    for (const [name, value] of injected) response.appendHeader(name, value);
    const isFramed =
      response.hasHeader('Content-Length') || response.hasHeader('Transfer-Encoding');
    const { statusCode } = response;
    const isBodyless = response.req.method === 'HEAD' || statusCode === 204 || statusCode === 304;
    if (pieces !== undefined && !isFramed && !isBodyless) {
      response.setHeader(
        'Content-Length',
        pieces.reduce((sum, { length }) => sum + length, 0),
      );
    }
    // Node would call the replaced writeHead for a head that nobody wrote.
    this.#realWriteHead(statusCode, []);
  }

  #pass(chunk: Buffer): Promise<void> {
    return this.#write(this.#redacted(chunk));
  }

  async #write(chunk: Buffer): Promise<void> {
    if (chunk.length === 0) return;
    if (this.#realWrite(chunk) || this.#response.destroyed) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.#response.off('drain', go);
        this.#response.off('close', go);
        resolve();
      };
      this.#response.on('drain', go);
      this.#response.on('close', go);
    });
  }

  #answerBlock(): void {
    if (this.#state === 'blocked') return;
    this.#state = 'blocked';
    const response = this.#response;
    const { status, headers, content } = blockedResponse(
      this.#exchange.decision,
      this.#exchange.id,
    );
    if (status === 0) {
      response.destroy();
      return;
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.statusMessage = '';
    this.#realWriteHead(status, headers.flat());
    if (response.req.method !== 'HEAD') this.#realWrite(Buffer.from(content, 'latin1'));
    this.#realEnd();
  }

  #setPairs(flat: readonly unknown[]): void {
    for (let at = 0; at + 1 < flat.length; at += 2) this.#setHeader(String(flat[at]), flat[at + 1]);
  }

  #setHeader(name: string, value: unknown): void {
    if (value === undefined) return;
    this.#response.setHeader(name, Array.isArray(value) ? value.map(String) : String(value));
  }
}

function headersOf(response: ServerResponse): Header[] {
  const headers: Header[] = [];
  for (const name of response.getHeaderNames()) {
    const value = response.getHeader(name);
    for (const each of Array.isArray(value) ? value : [value]) headers.push([name, String(each)]);
  }
  return headers;
}

function toBuffer(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === 'string') {
    const known = typeof encoding === 'string' && Buffer.isEncoding(encoding);
    return Buffer.from(chunk, known ? encoding : 'utf8');
  }
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  throw new TypeError('a response body is made of strings and bytes');
}
