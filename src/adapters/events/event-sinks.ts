// The sinks that a policy document asks for, behind its filters.
//
// Promise: a policy that is put in force brings its sinks with it; one that asks for the same sinks keeps
// them, with what they have in their queues.

import { dirname, isAbsolute, join } from 'node:path';
import { openLogFile } from '../../audit/writer-file.ts';
import { utf8ByteString } from '../../base/bytes.ts';
import type { PolicyEvent } from '../../model/policy-event.ts';
import type { PolicySeverity } from '../../policy/document/common.ts';
import type { EventSinks } from '../../policy/document/event-sinks.ts';
import { type EventSink, lineSink } from './event-sink.ts';
import { publicEvent } from './public-event.ts';
import { type WebhookOptions, webhookSink } from './webhook-sink.ts';

export interface EventSinksOptions {
  /** For `stdout: true`; gets whole lines. */
  readonly stdout: (line: string) => void;
  /** What could not be written, and why. */
  readonly onError: (error: unknown, sink: EventSink['name']) => void;
  /** Where `tokenEnv` looks; default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  readonly webhook?: Partial<WebhookOptions> | undefined;
}

export interface OpenEventSinks {
  readonly tell: (event: PolicyEvent) => void;
  /** Replaces the sinks. `beside`: relative paths stand beside this file. Throws when one cannot be opened. */
  readonly use: (sinks: EventSinks | undefined, beside: string | undefined) => void;
  readonly reopen: () => void;
  readonly close: () => Promise<void>;
  readonly sinks: readonly EventSink[];
}

export const SEVERITIES: readonly PolicySeverity[] = ['low', 'medium', 'high', 'critical'];

/** As audit logs: the group may read, others not. */
const FILE_MODE = 0o640;

export function openEventSinks(options: EventSinksOptions): OpenEventSinks {
  const { stdout, onError, environment = process.env } = options;
  let open: ReadonlyMap<string, EventSink> = new Map();
  let filter: EventSinks | undefined;

  const wanted = (
    { file, webhook, stdout: toStdout }: EventSinks,
    beside: string | undefined,
  ): ReadonlyMap<string, () => EventSink> => {
    const makers = new Map<string, () => EventSink>();
    if (file !== undefined) {
      const path = isAbsolute(file) || beside === undefined ? file : join(dirname(beside), file);
      makers.set(`file ${path}`, () => fileSink(path, (error) => onError(error, 'file')));
    }
    if (webhook !== undefined) {
      const { url, tokenEnv } = webhook;
      const token = tokenEnv === undefined ? undefined : environment[tokenEnv];
      if (tokenEnv !== undefined && token === undefined) {
        throw new Error(`the environment has no variable "${tokenEnv}", the webhook's token`);
      }
      makers.set(`webhook ${url} ${tokenEnv ?? ''}`, () =>
        webhookSink({
          ...options.webhook,
          url,
          token,
          onError: (error) => onError(error, 'webhook'),
        }),
      );
    }
    if (toStdout) {
      makers.set('stdout', () =>
        lineSink('stdout', stdout, {
          reopen: () => {},
          close: () => {},
          onError: (error) => onError(error, 'stdout'),
        }),
      );
    }
    return makers;
  };

  return {
    tell: (event) => {
      if (filter === undefined || open.size === 0) return;
      const { leastSeverity, testing, maskAddresses } = filter;
      if (!testing && event.status === 'testing') return;
      if (leastSeverity !== undefined && isBelow(event.severity, leastSeverity)) return;
      const told = publicEvent(event, { maskAddresses });
      for (const sink of open.values()) sink.write(told);
    },
    use: (sinks, beside) => {
      const next = new Map<string, EventSink>();
      const made: EventSink[] = [];
      try {
        for (const [key, make] of sinks === undefined ? [] : wanted(sinks, beside)) {
          const kept = open.get(key);
          const sink = kept ?? make();
          if (kept === undefined) made.push(sink);
          next.set(key, sink);
        }
      } catch (error) {
        for (const sink of made) void sink.close();
        throw error;
      }
      for (const [key, sink] of open) if (!next.has(key)) void sink.close();
      open = next;
      filter = sinks;
    },
    reopen: () => {
      for (const sink of open.values()) sink.reopen();
    },
    close: async () => {
      await Promise.all([...open.values()].map((sink) => sink.close()));
      open = new Map();
    },
    get sinks() {
      return [...open.values()];
    },
  };
}

export function isBelow(severity: PolicySeverity, least: PolicySeverity): boolean {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(least);
}

function fileSink(path: string, onError: (error: unknown) => void): EventSink {
  const file = openLogFile(path, FILE_MODE);
  return lineSink('file', (line) => file.append(utf8ByteString(line)), {
    reopen: () => file.reopen(),
    close: () => file.close(),
    onError,
  });
}
