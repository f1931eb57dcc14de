// Buffers a body up to its limit: bytes in, one byte string out.

import { toByteString } from '../base/bytes.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { BodyChunk } from '../model/transaction.ts';

export class BodyBuffer {
  readonly #chunks: string[] = [];
  #length = 0;
  #passed = false;

  /** Bytes kept. */
  get length(): number {
    return this.#length;
  }

  /** True once more bytes came than the limit keeps. */
  get limitPassed(): boolean {
    return this.#passed;
  }

  /** Keeps what fits under `limit`; false when something did not, or when the limit itself counts as passed. */
  append(chunk: BodyChunk, limit: number, atLimit: Behaviour['bodyAtLimit'] = 'fits'): boolean {
    const text = typeof chunk === 'string' ? chunk : toByteString(chunk);
    const room = limit - this.#length;
    const kept = text.length <= room ? text : text.slice(0, Math.max(0, room));
    if (kept !== '') this.#chunks.push(kept);
    this.#length += kept.length;
    const fits = kept.length === text.length && (atLimit === 'fits' || this.#length < limit);
    if (!fits) this.#passed = true;
    return fits;
  }

  /** All bytes kept; the buffer is empty afterwards. */
  take(): string {
    const text = this.#chunks.length === 1 ? (this.#chunks[0] as string) : this.#chunks.join('');
    this.#chunks.length = 0;
    return text;
  }
}
