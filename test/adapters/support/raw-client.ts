// A client that sends bytes as they are and takes responses apart by their framing alone.

import { connect, type Socket } from 'node:net';

export interface RawResponse {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

export class RawClient {
  readonly socket: Socket;
  received = '';
  closed = false;
  #waiting: (() => void)[] = [];

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => {
      this.received += bytes.toString('latin1');
      this.#wake();
    });
    this.socket.on('error', () => {});
    const closed = (): void => {
      this.closed = true;
      this.#wake();
    };
    this.socket.on('end', closed);
    this.socket.on('close', closed);
  }

  send(bytes: string): this {
    this.socket.write(Buffer.from(bytes, 'latin1'));
    return this;
  }

  /** The next final response; undefined when the connection closes without one. */
  async response(method = 'GET'): Promise<RawResponse | undefined> {
    for (;;) {
      const taken = this.#take(method);
      if (taken !== undefined) {
        if (taken.status < 200) continue;
        return taken;
      }
      if (this.closed) return undefined;
      await this.#more();
    }
  }

  async untilClosed(): Promise<string> {
    while (!this.closed) await this.#more();
    return this.received;
  }

  async until(text: string): Promise<void> {
    while (!this.received.includes(text) && !this.closed) await this.#more();
  }

  destroy(): void {
    this.socket.destroy();
  }

  #take(method: string): RawResponse | undefined {
    const headEnd = this.received.indexOf('\r\n\r\n');
    if (headEnd === -1) return undefined;
    const head = this.received.slice(0, headEnd);
    const status = Number(head.slice(9, 12));
    const start = headEnd + 4;
    const answer = (body: string, end: number): RawResponse => {
      this.received = this.received.slice(end);
      return { status, head, body };
    };
    if (method === 'HEAD' || status < 200 || status === 204 || status === 304) {
      return answer('', start);
    }
    const length = /^content-length: (\d+)$/im.exec(head)?.[1];
    if (length !== undefined) {
      const end = start + Number(length);
      return this.received.length < end ? undefined : answer(this.received.slice(start, end), end);
    }
    if (/^transfer-encoding: chunked$/im.test(head)) {
      let body = '';
      let at = start;
      for (;;) {
        const lineEnd = this.received.indexOf('\r\n', at);
        if (lineEnd === -1) return undefined;
        const size = Number.parseInt(this.received.slice(at, lineEnd), 16);
        const end = lineEnd + 2 + size + 2;
        if (this.received.length < end) return undefined;
        if (size === 0) return answer(body, end);
        body += this.received.slice(lineEnd + 2, end - 2);
        at = end;
      }
    }
    return this.closed ? answer(this.received.slice(start), this.received.length) : undefined;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** One connection, one send, one response. */
export async function once(
  port: number,
  bytes: string,
  method = 'GET',
): Promise<RawResponse | undefined> {
  const client = new RawClient(port);
  client.send(bytes);
  const response = await client.response(method);
  client.destroy();
  return response;
}
