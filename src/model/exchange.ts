// One HTTP exchange as its parts arrive: the shapes that adapters hand to a transaction.

/** Name and value as sent, one byte per char; order, case and duplicates are kept. */
export type Header = readonly [name: string, value: string];

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface ConnectionFacts {
  readonly client?: Endpoint | undefined;
  readonly server?: Endpoint | undefined;
}

export interface RequestHead {
  readonly method: string;
  /** The request target exactly as received. */
  readonly uri: string;
  /** As on the request line: `HTTP/1.1`. */
  readonly version: string;
  readonly headers: readonly Header[];
  /** The whole request line when it was not `method SP uri SP version`. */
  readonly line?: string | undefined;
}

export interface ResponseHead {
  readonly status: number;
  readonly headers: readonly Header[];
  /** Default: the request's version. */
  readonly version?: string | undefined;
}

/** A whole exchange in hand, one line of an exchange-record file. Bodies are byte strings. */
export interface ExchangeRecord {
  readonly id?: string | undefined;
  readonly method: string;
  readonly uri: string;
  readonly version?: string | undefined;
  readonly headers: readonly Header[];
  readonly line?: string | undefined;
  readonly body?: string | undefined;
  readonly client?: Endpoint | undefined;
  readonly server?: Endpoint | undefined;
  /** Milliseconds since the epoch; drives the clock of the transaction. */
  readonly timeMs?: number | undefined;
  readonly response?:
    | {
        readonly status: number;
        readonly headers: readonly Header[];
        readonly version?: string | undefined;
        readonly body?: string | undefined;
      }
    | undefined;
}
