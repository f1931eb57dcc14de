// The response side of one exchange with a client: framing, keep-alive, and what is bodyless by rule.
//
// Invariant: at most one final response is written, and what was begun is either ended in full or the
// connection is destroyed, so that a client never takes a truncated body for a whole one.

import type { Socket } from 'node:net';
import type { Header } from '../../model/exchange.ts';
import type { BodyFraming } from './body-reader.ts';
import { chunkHead, framingHeaders, LAST_CHUNK, responseHeadText } from './serialize.ts';
import { writeAll } from './socket-writer.ts';

const CRLF = Buffer.from('\r\n');
// Copying a small chunk is cheaper than three writes.
const JOIN_BELOW_BYTES = 16 * 1024;

export interface ReplyOptions {
  readonly requestMethod: string;
  readonly isHttp10: boolean;
  /** Whether the connection may go on afterwards; asked when the response begins. */
  readonly mayKeepAlive: () => boolean;
  readonly stallMs: number;
}

export interface ReplyHead {
  readonly status: number;
  readonly reason?: string | undefined;
  /** End-to-end fields only. */
  readonly headers: readonly Header[];
  /** Length of the content, or undefined when it is not known yet. */
  readonly length: number | undefined;
}

export class Reply {
  readonly #socket: Socket;
  readonly #options: ReplyOptions;
  #framing: BodyFraming = { kind: 'none' };
  #keepAlive = true;
  #state: 'new' | 'begun' | 'done' | 'aborted' = 'new';
  /** Status sent, 0 while none was. */
  status = 0;
  contentBytes = 0;

  constructor(socket: Socket, options: ReplyOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  get isNew(): boolean {
    return this.#state === 'new';
  }

  /** True when the response is complete and the client may send another request on this connection. */
  get canContinue(): boolean {
    return this.#state === 'done' && this.#keepAlive;
  }

  get isAborted(): boolean {
    return this.#state === 'aborted';
  }

  /** The connection closes after this response. Call it before the head is sent. */
  closeAfter(): void {
    this.#keepAlive = false;
  }

  async sendContinue(): Promise<void> {
    await writeAll(this.#socket, 'HTTP/1.1 100 Continue\r\n\r\n', this.#options.stallMs);
  }

  /** A whole response at once. */
  async send(head: Omit<ReplyHead, 'length'>, content: readonly Buffer[]): Promise<void> {
    const length = content.reduce((sum, bytes) => sum + bytes.length, 0);
    await this.begin({ ...head, length });
    for (const bytes of content) await this.write(bytes);
    await this.end();
  }

  async begin(head: ReplyHead): Promise<void> {
    if (this.#state !== 'new') throw new TypeError('a response has been sent already');
    this.#state = 'begun';
    this.status = head.status;
    this.#framing = this.#chooseFraming(head);
    if (this.#framing.kind === 'until-close' || !this.#options.mayKeepAlive()) {
      this.#keepAlive = false;
    }
    const headers = [...head.headers, ...this.#declaredLength(head), ...this.#connectionHeader()];
    await this.#put(responseHeadText(head.status, head.reason, headers));
  }

  /** Content is dropped where the method or the status allows none. */
  async write(content: Buffer): Promise<void> {
    if (this.#framing.kind === 'none' || content.length === 0) return;
    this.contentBytes += content.length;
    if (this.#framing.kind !== 'chunked') return this.#put(content);
    if (content.length <= JOIN_BELOW_BYTES) {
      return this.#put(Buffer.concat([Buffer.from(chunkHead(content)), content, CRLF]));
    }
    await this.#put(chunkHead(content));
    await this.#put(content);
    await this.#put(CRLF);
  }

  async end(): Promise<void> {
    if (this.#framing.kind === 'chunked') await this.#put(LAST_CHUNK);
    if (this.#framing.kind === 'length' && this.#framing.bytes !== this.contentBytes) this.abort();
    else this.#state = 'done';
  }

  /** Closes the connection at once; whatever was begun stays visibly unfinished. */
  abort(): void {
    this.#state = 'aborted';
    this.#keepAlive = false;
    this.#socket.destroy();
  }

  #put(bytes: Buffer | string): Promise<void> {
    return writeAll(this.#socket, bytes, this.#options.stallMs);
  }

  #chooseFraming({ status, length }: ReplyHead): BodyFraming {
    if (this.#isBodyless(status)) return { kind: 'none' };
    if (length !== undefined) return { kind: 'length', bytes: length };
    // HTTP/1.0 has no chunks: closing the connection is the only end a client understands.
    return { kind: this.#options.isHttp10 ? 'until-close' : 'chunked' };
  }

  #isBodyless(status: number): boolean {
    return (
      this.#options.requestMethod === 'HEAD' || status < 200 || status === 204 || status === 304
    );
  }

  // HEAD and 304 may say how long the body would have been.
  #declaredLength({ status, length }: ReplyHead): Header[] {
    if (!this.#isBodyless(status)) return framingHeaders(this.#framing);
    if (length === undefined || status === 204 || status < 200) return [];
    return [['Content-Length', String(length)]];
  }

  #connectionHeader(): Header[] {
    if (!this.#keepAlive) return [['Connection', 'close']];
    return this.#options.isHttp10 ? [['Connection', 'keep-alive']] : [];
  }
}
