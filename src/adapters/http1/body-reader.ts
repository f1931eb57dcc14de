// Reads a message body chunk by chunk, by the framing its head declared.
//
// Strict where the head was read leniently: whatever deviates from RFC 9112's framing ends the message
// with a FramingError, because guessing at a body's end is how requests are smuggled. Chunk extensions
// and trailers are checked, counted and dropped; only the content comes out.

import { FramingError } from './errors.ts';
import type { ByteSource } from './socket-reader.ts';

export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** Responses only. */
  | { readonly kind: 'until-close' };

export interface BodyReader {
  readonly framing: BodyFraming;
  /** The next bytes of content, null at the end. Rejects with `FramingError` and the source's errors. */
  next(): Promise<Buffer | null>;
  /** True once the end was reached: the next message starts here. */
  readonly finished: boolean;
}

export function bodyReader(framing: BodyFraming, source: ByteSource): BodyReader {
  switch (framing.kind) {
    case 'none':
      return new LengthReader(framing, source, 0);
    case 'length':
      return new LengthReader(framing, source, framing.bytes);
    case 'chunked':
      return new ChunkedReader(source);
    case 'until-close':
      return new UntilCloseReader(source);
  }
}

class LengthReader implements BodyReader {
  readonly framing: BodyFraming;
  readonly #source: ByteSource;
  #remaining: number;

  constructor(framing: BodyFraming, source: ByteSource, length: number) {
    this.framing = framing;
    this.#source = source;
    this.#remaining = length;
  }

  get finished(): boolean {
    return this.#remaining === 0;
  }

  async next(): Promise<Buffer | null> {
    if (this.#remaining === 0) return null;
    const bytes = await this.#source.read();
    if (bytes === null) throw new FramingError('truncated-body');
    const content = takeContent(bytes, this.#remaining, this.#source);
    this.#remaining -= content.length;
    return content;
  }
}

class UntilCloseReader implements BodyReader {
  readonly framing: BodyFraming = { kind: 'until-close' };
  readonly #source: ByteSource;
  finished = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async next(): Promise<Buffer | null> {
    const bytes = this.finished ? null : await this.#source.read();
    if (bytes === null) this.finished = true;
    return bytes;
  }
}

// 2^44 bytes: far above any real chunk and far below where a double loses whole numbers.
const SIZE_LINE = /^([0-9A-Fa-f]{1,11})(;[\t\x20-\x7e\x80-\xff]*)?$/;
const TRAILER_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*$/;
const MAX_LINE_BYTES = 4096;
const MAX_OVERHEAD_BYTES = 16 * 1024;

class ChunkedReader implements BodyReader {
  readonly framing: BodyFraming = { kind: 'chunked' };
  readonly #source: ByteSource;
  #expects: 'size' | 'data' | 'data-end' | 'trailer' = 'size';
  #remaining = 0;
  #line = '';
  /** Bytes of extensions and trailers: content we must read but never show, so it is bounded. */
  #overhead = 0;
  finished = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async next(): Promise<Buffer | null> {
    while (!this.finished) {
      const bytes = await this.#source.read();
      if (bytes === null) throw new FramingError('truncated-body');
      const content = this.#decode(bytes);
      if (content.length > 0) return content;
    }
    return null;
  }

  /** All chunks of one read in one go: a body of one-byte chunks costs no more awaits than any other. */
  #decode(bytes: Buffer): Buffer {
    const pieces: Buffer[] = [];
    let at = 0;
    while (at < bytes.length && !this.finished) {
      if (this.#expects === 'data') {
        const piece = bytes.subarray(at, at + this.#remaining);
        pieces.push(piece);
        at += piece.length;
        this.#remaining -= piece.length;
        if (this.#remaining === 0) this.#expects = 'data-end';
        continue;
      }
      const feed = bytes.indexOf(0x0a, at);
      const end = feed === -1 ? bytes.length : feed;
      if (this.#line.length + end - at > MAX_LINE_BYTES) {
        throw new FramingError('chunk-line-too-long');
      }
      this.#line += bytes.toString('latin1', at, end);
      at = end + 1;
      if (feed !== -1) this.#takeLine();
    }
    if (this.finished) this.#source.unshift(bytes.subarray(at));
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  /** A lone CR or LF is an error: some parsers end the line there, some do not. */
  #takeLine(): void {
    const line = this.#line.slice(0, -1);
    if (!this.#line.endsWith('\r') || line.includes('\r')) throw new FramingError('bad-chunk-line');
    this.#line = '';
    if (this.#expects === 'size') {
      this.#takeSize(line);
    } else if (this.#expects === 'data-end') {
      if (line !== '') throw new FramingError('bad-chunk-end');
      this.#expects = 'size';
    } else if (line === '') {
      this.finished = true;
    } else {
      if (!TRAILER_LINE.test(line)) throw new FramingError('bad-trailer');
      this.#count(line.length);
    }
  }

  #takeSize(line: string): void {
    const parts = SIZE_LINE.exec(line);
    if (parts?.[1] === undefined) throw new FramingError('bad-chunk-size');
    this.#count(parts[2]?.length ?? 0);
    this.#remaining = Number.parseInt(parts[1], 16);
    this.#expects = this.#remaining === 0 ? 'trailer' : 'data';
  }

  #count(bytes: number): void {
    this.#overhead += bytes;
    if (this.#overhead > MAX_OVERHEAD_BYTES) throw new FramingError('chunk-overhead-too-large');
  }
}

function takeContent(bytes: Buffer, remaining: number, source: ByteSource): Buffer {
  if (bytes.length <= remaining) return bytes;
  source.unshift(bytes.subarray(remaining));
  return bytes.subarray(0, remaining);
}
