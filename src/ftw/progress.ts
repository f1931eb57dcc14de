// Shows how far a run is, once it has taken long enough for somebody to wonder.

export interface Progress {
  /** Another test is done. */
  step(hasFailed: boolean): void;
  /** Removes the line, so that the report starts on a clean one. */
  end(): void;
}

const QUIET_MS = 2000;
const INTERVAL_MS = 200;

export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Silent unless the stream is a terminal. `total` may grow unknown: then only the count is shown. */
export function createProgress(
  stream: ProgressStream,
  total: () => number | undefined,
  now: () => number = () => performance.now(),
): Progress {
  const start = now();
  let shownAt = start;
  let done = 0;
  let failed = 0;
  let isShown = false;
  return {
    step(hasFailed: boolean): void {
      done++;
      if (hasFailed) failed++;
      const time = now();
      if (stream.isTTY !== true || time - start < QUIET_MS || time - shownAt < INTERVAL_MS) return;
      shownAt = time;
      isShown = true;
      const all = total();
      stream.write(
        `\r\x1b[K${done}${all === undefined ? '' : ` of ${all}`} tests, ${failed} failed`,
      );
    },
    end(): void {
      if (isShown) stream.write('\r\x1b[K');
      isShown = false;
    },
  };
}
