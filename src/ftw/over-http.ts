// Sends stages to a running proxy as go-ftw does: a marker request, the test's bytes, another marker.
//
// What the engine logged for the stage is what stands between the two marker lines. The proxy itself is
// a parameter, so that the same runner serves our own proxy and a log file written by another one.

import type { ByteString } from '../base/bytes.ts';
import { type ClientTarget, sendRaw } from './http-client.ts';
import { ruleIdsOf } from './log-ids.ts';
import type { StageObservation } from './observation.ts';
import { valuesOf } from './request.ts';
import type { PreparedStage, StageTarget } from './stage-target.ts';

export interface ProxyUnderTest {
  readonly host: string;
  readonly port: number;
  /** Whole lines logged since the last call, oldest first. */
  readLogLines(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface OverHttpOptions {
  /** Default 1000, as in go-ftw. */
  readonly readTimeoutMs?: number;
  readonly markerHeader?: string;
  /** Lets a stage's `input.response` reach the backend behind the proxy. */
  readonly configure?: (stage: PreparedStage) => void;
}

const MARKER_TRIES = 20;

export function createHttpTarget(
  proxy: ProxyUnderTest,
  options: OverHttpOptions = {},
): StageTarget {
  const target: ClientTarget = {
    host: proxy.host,
    port: proxy.port,
    readTimeoutMs: options.readTimeoutMs ?? 1000,
  };
  const header = options.markerHeader ?? 'X-CRS-Test';
  let run = 0;

  /** Sends marker requests until the log shows the mark; answers the lines in front of it. */
  const mark = async (value: string, host: ByteString): Promise<string[]> => {
    const before: string[] = [];
    for (let tries = 0; tries < MARKER_TRIES; tries++) {
      await sendRaw(target, markerRequest(header, value, host));
      const lines = await proxy.readLogLines();
      const at = lines.findIndex((line) => isMarker(line, header, value));
      if (at !== -1) return [...before, ...lines.slice(0, at)];
      before.push(...lines);
    }
    throw new Error(`no marker in the log: no line with ${header} and ${value}`);
  };

  return {
    async send(stage: PreparedStage): Promise<StageObservation> {
      const id = `${stage.label}-${++run}`;
      const host = markerHost(stage);
      options.configure?.(stage);
      await mark(`${id}-s`, host);
      const answer = await sendRaw(target, stage.request);
      const between = await mark(`${id}-e`, host);
      // A start marker that was sent more than once may show up late.
      const logLines = between.filter((line) => !isMarker(line, header, id));
      return {
        request: stage.request,
        ...answer,
        logLines,
        loggedIds: logLines.flatMap(ruleIdsOf),
        matches: undefined,
        remark: undefined,
      };
    },
    close: () => proxy.close(),
  };
}

function markerHost(stage: PreparedStage): ByteString {
  const own = stage.input.virtualHostMode ? valuesOf(stage.input.headers, 'host')[0] : undefined;
  return own ?? 'localhost';
}

function markerRequest(header: string, value: string, host: ByteString): ByteString {
  const headers = [
    'Accept: */*',
    'User-Agent: go-ftw test agent',
    `Host: ${host}`,
    `${header}: ${value}`,
    'Connection: close',
  ];
  return `GET /status/200 HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`;
}

function isMarker(line: string, header: string, value: string): boolean {
  const lower = line.toLowerCase();
  return lower.includes(header.toLowerCase()) && lower.includes(value.toLowerCase());
}
