// Collects the head of a message: everything up to and including the first empty line.
//
// Lenient about line ends, because a head that ends in an unusual way is exactly one that the rules
// should see; the refusal comes later. Bounded in bytes and in time: a head that trickles in does not
// hold a connection, and each byte is looked at once.

import { PeerTimeoutError } from './errors.ts';
import type { SocketReader } from './socket-reader.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIRST_CAPACITY = 2048;

export interface HeadLimits {
  readonly maxBytes: number;
  /** From the first byte to the empty line. */
  readonly timeoutMs: number;
  /** Until the first byte. */
  readonly idleMs: number;
}

export interface HeadBytes {
  /** Start line, header lines and line ends, without the empty line; one char per byte. */
  readonly text: string;
  /** False when the limit came before the empty line. */
  readonly complete: boolean;
  /** Whether an empty line, which `text` does not show, was a lone LF. */
  readonly hasBareEmptyLine: boolean;
}

/**
 * The next head, or null when the peer closes before sending one. What follows it stays in the reader.
 *
 * Rejects with `PeerTimeoutError`; whether `onFirstByte` was called by then tells an idle connection from
 * a stalled head.
 */
export async function readHead(
  reader: SocketReader,
  limits: HeadLimits,
  onFirstByte: () => void = () => {},
): Promise<HeadBytes | null> {
  const head = new HeadBuffer(limits.maxBytes);
  let bytes = await reader.read(limits.idleMs, 'sending a request');
  const deadline = Date.now() + limits.timeoutMs;
  let isFirst = true;
  while (bytes !== null) {
    if (isFirst) onFirstByte();
    isFirst = false;
    const rest = head.append(bytes);
    if (rest !== undefined) {
      reader.unshift(rest);
      return {
        text: head.text(),
        complete: head.isComplete,
        hasBareEmptyLine: head.hasBareEmptyLine,
      };
    }
    const remaining = deadline - Date.now();
    if (remaining <= 0) throw new PeerTimeoutError('sending the head');
    bytes = await reader.read(remaining, 'sending the head');
  }
  return null;
}

class HeadBuffer {
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_CAPACITY);
  #length = 0;
  #lineStart = 0;
  #sawLine = false;
  #start = 0;
  isComplete = false;
  hasBareEmptyLine = false;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Undefined: more is needed. Otherwise the bytes that do not belong to the head. */
  append(bytes: Buffer): Buffer | undefined {
    // Two bytes more than the limit leave room for the empty line of a head of exactly that size.
    const room = Math.min(bytes.length, this.#maxBytes + 2 - this.#length);
    this.#reserve(this.#length + room);
    bytes.copy(this.#bytes, this.#length, 0, room);
    const before = this.#length;
    this.#length += room;
    const end = this.#findEnd(before);
    if (end !== -1) return bytes.subarray(end - before);
    return this.#length >= this.#maxBytes + 2 ? bytes.subarray(room) : undefined;
  }

  text(): string {
    const end = this.isComplete ? this.#lineStart : this.#length;
    return this.#bytes.toString('latin1', this.#start, end);
  }

  /** The offset behind the empty line, or -1. */
  #findEnd(from: number): number {
    const view = this.#bytes.subarray(0, this.#length);
    let feed = view.indexOf(LINE_FEED, from);
    while (feed !== -1) {
      const length = feed - this.#lineStart;
      const isEmpty = length === 0 || (length === 1 && view[feed - 1] === CARRIAGE_RETURN);
      if (length === 0) this.hasBareEmptyLine = true;
      if (isEmpty && this.#sawLine) {
        this.isComplete = true;
        return feed + 1;
      }
      // RFC 9112 2.2: empty lines before the request line are skipped (some clients send one after a body).
      if (isEmpty) this.#start = feed + 1;
      else this.#sawLine = true;
      this.#lineStart = feed + 1;
      feed = view.indexOf(LINE_FEED, feed + 1);
    }
    return -1;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(length, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
