// Listens, keeps track of connections, and shuts down without cutting running exchanges short.

import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Answer, ClientConnection, type ConnectionLimits } from './connection.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface DrainResult {
  /** Connections that were still busy when the grace period ended, and were cut. */
  readonly cut: number;
}

export class FrontServer {
  readonly #server: Server;
  readonly #connections = new Set<ClientConnection>();
  #isDraining = false;

  constructor(answer: Answer, limits: ConnectionLimits, maxConnections: number) {
    // Half-open: a client may close its side after the request and still wait for the answer.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      const connection = new ClientConnection(socket, limits, answer);
      this.#connections.add(connection);
      if (this.#isDraining) connection.finish();
      void connection.run().finally(() => this.#connections.delete(connection));
    });
    this.#server.maxConnections = maxConnections;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Rejects with the system's error: `EADDRINUSE`, `EACCES`, ... */
  listen(address: ListenAddress): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(address.port, address.host, () => {
        this.#server.off('error', reject);
        // Accepting can fail later on (too many open files); that must not end the process.
        this.#server.on('error', () => {});
        const bound = this.#server.address();
        if (bound === null || typeof bound === 'string') reject(new TypeError('not a TCP server'));
        else resolve(bound);
      });
    });
  }

  /** Stops accepting, lets running exchanges finish for `graceMs`, then cuts what is left. */
  async drain(graceMs: number): Promise<DrainResult> {
    this.#isDraining = true;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const connection of this.#connections) connection.finish();
    let cut = 0;
    const timer = setTimeout(() => {
      cut = this.#connections.size;
      for (const connection of this.#connections) connection.destroy();
    }, graceMs);
    await closed;
    clearTimeout(timer);
    return { cut };
  }
}
