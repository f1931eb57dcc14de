// Why the upstream gave no usable response: a stable word and the gateway status that goes with it.

import { FramingError, PeerTimeoutError } from './http1/errors.ts';

export class UpstreamFailure extends Error {
  override readonly name: string = 'UpstreamFailure';
  /** `upstream-refused`, `upstream-timeout`, ...: for logs and counters. */
  readonly code: string;
  readonly status: 502 | 504;
  /** More for the log: what was wrong with the response, or the system's error code. */
  readonly detail: string | undefined;

  constructor(code: string, status: 502 | 504, detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

/** Names whatever connecting to or reading from the upstream threw. */
export function upstreamFailure(error: unknown): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  if (error instanceof FramingError) {
    const code = error.code === 'truncated-body' ? 'upstream-truncated' : 'upstream-bad-response';
    return new UpstreamFailure(code, 502, error.code);
  }
  if (error instanceof PeerTimeoutError) return new UpstreamFailure('upstream-timeout', 504);
  const system = systemCode(error);
  switch (system) {
    case 'ECONNREFUSED':
      return new UpstreamFailure('upstream-refused', 502);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UpstreamFailure('upstream-unresolved', 502);
    case 'ETIMEDOUT':
      return new UpstreamFailure('upstream-connect-timeout', 504);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new UpstreamFailure('upstream-unreachable', 502);
    default:
      if (system?.startsWith('ERR_TLS') || system?.includes('CERT')) {
        return new UpstreamFailure('upstream-certificate', 502, system);
      }
      return new UpstreamFailure('upstream-closed', 502, system);
  }
}

function systemCode(error: unknown): string | undefined {
  // Connecting to a name with several addresses fails with one error per address.
  if (error instanceof AggregateError) return systemCode(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
