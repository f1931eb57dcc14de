// Targets behind a socket: the real proxy on loopback, or another WAF with its log file.

import type { ExchangeReport } from '../adapters/proxy-report.ts';
import { createReverseProxy } from '../adapters/reverse-proxy.ts';
import { errorLogLine } from '../audit/error-log-line.ts';
import { openErrorLog } from '../audit/writer-error-log.ts';
import { startBackend } from '../ftw/backend.ts';
import { followLogFile } from '../ftw/log-file.ts';
import { createHttpTarget, type ProxyUnderTest } from '../ftw/over-http.ts';
import type { StageTarget } from '../ftw/stage-target.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { createWaf } from '../waf/create-waf.ts';
import { UsageError } from './output.ts';

const HOST = '127.0.0.1';
/** A busy machine may need more than the second of go-ftw for the first request. */
const OWN_TIMEOUT_MS = 10_000;

/** Our proxy in front of the tests' backend. Its log is kept in memory and, if asked for, in a file. */
export async function startHttpTarget(
  ruleset: Ruleset,
  logPath: string | undefined,
): Promise<StageTarget> {
  const log = logPath === undefined ? undefined : openErrorLog(logPath);
  const backend = await startBackend(HOST);
  let lines: string[] = [];
  const keep = (more: readonly string[]): void => {
    lines.push(...more);
    log?.append(more);
  };
  const proxy = createReverseProxy({
    source: createWaf({ rules: ruleset }),
    upstream: { secure: false, host: HOST, port: backend.port },
    // CRS's tests send CONNECT and expect the backend's answer; no tunnel is opened.
    connectionLimits: { forwardsConnect: true },
    events: {
      exchange: (report) => keep(logLines(report)),
      fault: (error, where) => keep([`fault in the ${where}: ${String(error)}`]),
    },
  });
  const address = await proxy.listen({ host: HOST, port: 0 });
  const underTest: ProxyUnderTest = {
    host: HOST,
    port: address.port,
    async readLogLines(): Promise<readonly string[]> {
      // An exchange is told when it is over, which may be a moment after its response went out.
      await new Promise((resolve) => setImmediate(resolve));
      const read = lines;
      lines = [];
      return read;
    },
    async close(): Promise<void> {
      await proxy.drain(0);
      await backend.close();
      log?.close();
    },
  };
  return createHttpTarget(underTest, {
    readTimeoutMs: OWN_TIMEOUT_MS,
    configure: ({ input }) => {
      if (input.response === undefined) return;
      backend.backend.configure(input.method ?? 'GET', input.uri ?? '/', input.response);
    },
  });
}

/** A WAF that runs elsewhere, judged by the log file it writes. */
export function externalTarget(url: string, logPath: string): StageTarget {
  const at = URL.canParse(url) ? new URL(url) : undefined;
  if (at?.protocol !== 'http:') {
    throw new UsageError(`--against "${url}" is not a URL such as http://127.0.0.1:8080`);
  }
  const log = openLog(logPath);
  return createHttpTarget({
    host: at.hostname.replace(/^\[|\]$/g, ''),
    port: at.port === '' ? 80 : Number(at.port),
    readLogLines: () => Promise.resolve(log.readLines()),
    close(): Promise<void> {
      log.close();
      return Promise.resolve();
    },
  });
}

function openLog(path: string): ReturnType<typeof followLogFile> {
  try {
    return followLogFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError(`cannot read the log ${path} (${code})`);
  }
}

function logLines(report: ExchangeReport): string[] {
  const { verdict } = report;
  if (verdict === null) return [];
  const facts = {
    clientAddress: report.client.address,
    hostname: HOST,
    uri: report.uri,
    uniqueId: report.id,
  };
  return verdict.matches
    .filter((match) => match.logged)
    .map((match) => errorLogLine(match, facts, verdict.interruption));
}
