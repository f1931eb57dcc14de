// The command line of `serve`, checked as a whole: every mistake is told at once.

import { availableParallelism } from 'node:os';
import type { ListenAddress } from '../adapters/http1/server.ts';
import type { UpstreamAddress } from '../adapters/upstream-socket.ts';
import { NO_TRUSTED_PROXIES, parseTrustedProxies, type TrustedProxies } from '../http/forwarded.ts';
import type { OutsideOptions } from './outside-options.ts';
import type { PolicyOptions } from './policy-options.ts';
import type { RulesOptions } from './rules-options.ts';
import { type AdminOptions, adminProblems } from './serve-admin-options.ts';
import { stateProblem } from './serve-state.ts';

/** As commander hands them over. */
export interface ServeOptions extends RulesOptions, PolicyOptions, AdminOptions, OutsideOptions {
  readonly allowProgram: readonly string[];
  readonly upstream?: string;
  readonly listen: string;
  readonly workers: string;
  readonly demo?: boolean;
  readonly json?: boolean;
  readonly trustForwarded?: string;
  readonly hostHeader: 'client' | 'upstream';
  readonly allowCompression?: boolean;
  readonly grace: string;
  readonly timeout: string;
  readonly maxConnections: string;
  /** Commander's reading of --no-value-cache. */
  readonly valueCache?: boolean;
  readonly errorLog?: string;
  /** Commander's reading of --no-rule-logs. */
  readonly ruleLogs?: boolean;
  readonly state: string;
}

export interface ServeSettings {
  /** Undefined: the built-in demo upstream. */
  readonly upstream: UpstreamAddress | undefined;
  readonly listen: ListenAddress;
  readonly workers: number;
  readonly trustedProxies: TrustedProxies;
  readonly graceMs: number;
  readonly responseMs: number;
  readonly maxConnections: number;
  /** Undefined: no admin API. */
  readonly admin: ListenAddress | undefined;
}

export interface CheckedServeOptions {
  /** Meaningful only when there are no problems. */
  readonly settings: ServeSettings;
  readonly problems: readonly string[];
}

export function checkServeOptions(options: ServeOptions): CheckedServeOptions {
  const problems: string[] = [];
  const settings: ServeSettings = {
    upstream: upstreamAddress(options, problems),
    listen: listenAddress('--listen', options.listen, problems),
    workers:
      options.workers === 'auto'
        ? availableParallelism()
        : wholeNumber('--workers', options.workers, 1, 256, problems),
    trustedProxies: trustedProxies(options.trustForwarded, problems),
    graceMs: wholeNumber('--grace', options.grace, 0, 3600, problems) * 1000,
    responseMs: wholeNumber('--timeout', options.timeout, 1, 3600, problems) * 1000,
    maxConnections: wholeNumber('--max-connections', options.maxConnections, 1, 1e6, problems),
    admin:
      options.admin === undefined ? undefined : listenAddress('--admin', options.admin, problems),
  };
  const state = stateProblem(options.state);
  if (state !== undefined) problems.push(state);
  problems.push(...adminProblems(options, settings.admin, settings.workers));
  return { settings, problems };
}

function upstreamAddress(options: ServeOptions, problems: string[]): UpstreamAddress | undefined {
  const { upstream, demo } = options;
  if (upstream === undefined) {
    if (!demo) problems.push('--upstream is missing: the URL of the server to protect');
    return undefined;
  }
  if (demo) problems.push('--demo brings its own upstream; leave out --upstream');
  const url = URL.canParse(upstream) ? new URL(upstream) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(upstream)) {
    problems.push(`--upstream "${upstream}" is not a URL such as http://127.0.0.1:3000`);
    return undefined;
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    problems.push('--upstream must be scheme, host and port only: paths are passed on as they are');
  }
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { secure, host: url.hostname.replace(/^\[|\]$/g, ''), port };
}

/** `8080`, `:8080`, `host:8080`, `[::1]:8080`. Without a host: this machine only. */
function listenAddress(option: string, text: string, problems: string[]): ListenAddress {
  const parts = /^(?:(\[[0-9A-Fa-f:.%]+\]|[^:[\]]*):)?(\d{1,5})$/.exec(text);
  const port = Number(parts?.[2]);
  if (parts === null || port > 65535) {
    problems.push(`${option} "${text}" is not an address such as 127.0.0.1:8080 or [::]:8080`);
    return { host: '127.0.0.1', port: 0 };
  }
  const host = (parts[1] ?? '').replace(/^\[|\]$/g, '');
  return { host: host === '' ? '127.0.0.1' : host, port };
}

function wholeNumber(
  option: string,
  text: string,
  min: number,
  max: number,
  problems: string[],
): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  problems.push(`${option} "${text}" is not a whole number from ${min} to ${max}`);
  return min;
}

function trustedProxies(text: string | undefined, problems: string[]): TrustedProxies {
  if (text === undefined) return NO_TRUSTED_PROXIES;
  try {
    return parseTrustedProxies(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push(`--trust-forwarded: ${error.message}`);
    return NO_TRUSTED_PROXIES;
  }
}
