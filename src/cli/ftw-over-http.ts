// The real proxy on loopback, in front of the tests' backend, with its log in memory.

import type { ExchangeReport } from '../adapters/proxy-report.ts';
import { createReverseProxy } from '../adapters/reverse-proxy.ts';
import { errorLogLine } from '../audit/error-log-line.ts';
import { startBackend } from '../ftw/backend.ts';
import { createHttpTarget, type ProxyUnderTest } from '../ftw/over-http.ts';
import type { StageTarget } from '../ftw/stage-target.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { createWaf } from '../waf/create-waf.ts';

const HOST = '127.0.0.1';

export async function startHttpTarget(ruleset: Ruleset): Promise<StageTarget> {
  const backend = await startBackend(HOST);
  let lines: string[] = [];
  const proxy = createReverseProxy({
    source: createWaf({ rules: ruleset }),
    upstream: { secure: false, host: HOST, port: backend.port },
    events: {
      exchange: (report) => lines.push(...logLines(report)),
      fault: (error, where) => lines.push(`fault in the ${where}: ${String(error)}`),
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
    },
  };
  return createHttpTarget(underTest, {
    configure: ({ input }) => {
      if (input.response === undefined) return;
      backend.backend.configure(input.method ?? 'GET', input.uri ?? '/', input.response);
    },
  });
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
