// How reading from or writing to a peer can fail. Each failure has a name that logs and counters use.

/** The bytes break HTTP's framing, so where the message ends is unknown. The connection must close. */
export class FramingError extends Error {
  override readonly name: string = 'FramingError';
  /** Stable word: `bad-chunk`, `truncated-body`, ... */
  readonly code: string;

  constructor(code: string) {
    super(`HTTP framing error: ${code}`);
    this.code = code;
  }
}

/** The peer was too slow: nothing came, or nothing was taken, within the time allowed. */
export class PeerTimeoutError extends Error {
  override readonly name: string = 'PeerTimeoutError';

  constructor(what: string) {
    super(`the peer was too slow: ${what}`);
  }
}

/** The connection went away. */
export class ConnectionLostError extends Error {
  override readonly name: string = 'ConnectionLostError';
}
