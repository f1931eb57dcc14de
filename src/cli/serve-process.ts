// One process of `serve`: the proxy with its rules, its output, and its end.
//
// Promise: SIGTERM and SIGINT finish what runs, within the grace period, and exit with status 0; a
// second signal ends at once.

import type { AddressInfo } from 'node:net';
import type { BodyHold } from '../adapters/body-hold.ts';
import type { ListenAddress } from '../adapters/http1/server.ts';
import type { ExchangeReport } from '../adapters/proxy-report.ts';
import { createReverseProxy, type ReverseProxy } from '../adapters/reverse-proxy.ts';
import { UPSTREAM_LIMITS } from '../adapters/upstream.ts';
import type { UpstreamAddress } from '../adapters/upstream-socket.ts';
import type { Settings } from '../model/settings.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { jsonLine, textLine } from './exchange-line.ts';
import { type Output, UsageError } from './output.ts';
import type { ServeOptions, ServeSettings } from './serve-options.ts';
import type { ServeWaf } from './serve-waf.ts';

export interface Serving {
  readonly proxy: ReverseProxy;
  readonly address: AddressInfo;
}

export interface ServeContext {
  readonly upstream: UpstreamAddress;
  readonly settings: ServeSettings;
  readonly options: ServeOptions;
  readonly serving: ServeWaf;
  readonly output: Output;
}

export async function startProxy(
  ruleset: Ruleset,
  { upstream, settings, options, serving, output }: ServeContext,
): Promise<Serving> {
  const proxy = createReverseProxy({
    source: serving.waf,
    upstream,
    hostHeader: options.hostHeader,
    trustedProxies: settings.trustedProxies,
    identityEncoding: options.allowCompression !== true,
    requestHold: requestHold(ruleset.settings),
    responseHold: responseHold(ruleset.settings),
    maxConnections: settings.maxConnections,
    upstreamLimits: { ...UPSTREAM_LIMITS, responseMs: settings.responseMs },
    events: {
      exchange: (report) => {
        serving.metrics.exchange(report);
        output.data(`${lineOf(report, options, output)}\n`);
      },
      fault: onceAMinute((text) => output.talk(text)),
    },
  });
  try {
    return { proxy, address: await proxy.listen(settings.listen) };
  } catch (error) {
    throw listenProblem(error, settings.listen);
  }
}

function lineOf(report: ExchangeReport, options: ServeOptions, output: Output): string {
  return options.json ? jsonLine(report) : textLine(report, output.colour);
}

// The rules' own limits decide. What the rules do not want any more (ProcessPartial, DetectionOnly)
// streams; with Reject the exchange blocks before this hold is full.
const SLACK_BYTES = 64 * 1024;

function requestHold(settings: Settings): BodyHold {
  const stops = settings.requestBodyLimitAction === 'Reject' && settings.ruleEngine === 'On';
  const { requestBodyLimit: limit } = settings;
  return stops
    ? { bytes: limit + SLACK_BYTES, beyond: 'block' }
    : { bytes: limit, beyond: 'stream' };
}

function responseHold(settings: Settings): BodyHold {
  const stops = settings.responseBodyLimitAction === 'Reject' && settings.ruleEngine === 'On';
  const { responseBodyLimit: limit } = settings;
  return stops
    ? { bytes: limit + SLACK_BYTES, beyond: 'block' }
    : { bytes: limit, beyond: 'stream' };
}

/** The same fault over and over must not fill a disk. */
function onceAMinute(talk: (text: string) => void): (error: unknown, where: string) => void {
  const told = new Map<string, { atMs: number; more: number }>();
  return (error, where) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const key = text.slice(0, 200);
    const known = told.get(key);
    if (known !== undefined && Date.now() - known.atMs < 60_000) {
      known.more++;
      return;
    }
    if (told.size > 100) told.clear();
    told.set(key, { atMs: Date.now(), more: 0 });
    const again = known === undefined || known.more === 0 ? '' : ` (and ${known.more} more times)`;
    talk(`portcullis: fault in the ${where}; the request was not let through${again}\n${text}\n`);
  };
}

export function listenProblem(error: unknown, listen: ListenAddress): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const where = `${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`;
  switch (code) {
    case 'EADDRINUSE':
      return new UsageError(`cannot listen on ${where}: another process uses that port`);
    case 'EACCES':
      return new UsageError(`cannot listen on ${where}: ports below 1024 need a privilege`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UsageError(`cannot listen on ${where}: this machine has no such address`);
    default:
      return error;
  }
}

/** Resolves when a signal has come and the proxy has drained. */
export function untilDrained(proxy: ReverseProxy, graceMs: number, output: Output): Promise<void> {
  return new Promise((resolve) => {
    let isDraining = false;
    const drain = (): void => {
      if (isDraining) process.exit(1);
      isDraining = true;
      void proxy.drain(graceMs).then(({ cut }) => {
        if (cut > 0) output.talk(`portcullis: cut ${cut} connections after the grace period\n`);
        resolve();
      });
    };
    process.on('SIGTERM', drain);
    process.on('SIGINT', drain);
  });
}
