// What is measured of a waf behind the proxy.

import type { PolicyEvent } from '../../model/policy-event.ts';
import type { ExchangeOutcome } from '../../model/transaction.ts';
import type { EventSink } from '../events/event-sink.ts';
import type { ExchangeReport } from '../proxy-report.ts';
import { counter, gauge, histogram, type MetricFamily } from './metric.ts';

export interface WafMetrics {
  readonly exchange: (report: ExchangeReport) => void;
  readonly finished: (outcome: ExchangeOutcome) => void;
  readonly event: (event: PolicyEvent) => void;
  /** The time that one stage of the policy took, in milliseconds. */
  readonly policyStage: (ms: number) => void;
  readonly storeFailure: () => void;
  /** Whether rules and policy could be put in force. */
  readonly reload: (succeeded: boolean) => void;
  readonly families: () => readonly MetricFamily[];
}

export interface WafMetricsSources {
  readonly version: string;
  /** When this process began to serve; milliseconds since the epoch. */
  readonly startedMs: number;
  readonly sinks?: (() => readonly EventSink[]) | undefined;
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SHORT_SECONDS = [
  0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1,
];
/** Codes of engine errors and reasons are words of ours; the bound is for what may be added. */
const MAX_CODES = 64;

export function wafMetrics(sources: WafMetricsSources): WafMetrics {
  const exchanges = counter(
    { name: 'portcullis_exchanges_total', help: 'Exchanges, by what became of them.' },
    ['result'],
  );
  const decisions = counter(
    {
      name: 'portcullis_decisions_total',
      help: 'Decisions, by the row of the priority table that decided.',
    },
    ['row', 'effect'],
  );
  const events = counter({ name: 'portcullis_events_total', help: 'Events of policy rules.' }, [
    'kind',
    'severity',
    'status',
  ]);
  const errors = counter(
    { name: 'portcullis_engine_errors_total', help: 'What the engine could not judge, by code.' },
    ['code'],
    MAX_CODES,
  );
  const reasons = counter(
    {
      name: 'portcullis_not_passed_total',
      help: 'Exchanges that did not pass, by the word for why.',
    },
    ['reason'],
    MAX_CODES,
  );
  const stores = counter({
    name: 'portcullis_store_failures_total',
    help: 'Calls that the state store did not answer.',
  });
  const reloads = counter(
    { name: 'portcullis_reloads_total', help: 'Attempts to put other rules or policies in force.' },
    ['result'],
  );
  const duration = histogram(
    {
      name: 'portcullis_exchange_duration_seconds',
      help: 'From the head of the request to the end of the response, the upstream included.',
    },
    SECONDS,
  );
  const policy = histogram(
    {
      name: 'portcullis_policy_stage_duration_seconds',
      help: 'What the policy took for one stage of an exchange, the state store included.',
    },
    SHORT_SECONDS,
  );
  const sinkGauges = (name: string, help: string, read: (sink: EventSink) => number) =>
    gauge({ name, help }, ['sink'], () =>
      (sources.sinks?.() ?? []).map((sink) => ({ labels: [sink.name], value: read(sink) })),
    );
  const gauges = [
    gauge({ name: 'portcullis_info', help: 'The version that runs.' }, ['version'], () => [
      { labels: [sources.version], value: 1 },
    ]),
    gauge(
      { name: 'portcullis_start_time_seconds', help: 'When the process began to serve.' },
      [],
      () => [{ labels: [], value: Math.floor(sources.startedMs / 1000) }],
    ),
    gauge({ name: 'portcullis_resident_memory_bytes', help: 'Memory of the process.' }, [], () => [
      { labels: [], value: process.memoryUsage.rss() },
    ]),
    sinkGauges(
      'portcullis_sink_written',
      'Events that a sink has written since it was opened.',
      ({ counters }) => counters.written,
    ),
    sinkGauges(
      'portcullis_sink_dropped',
      'Events that a sink has lost since it was opened.',
      ({ counters }) => counters.dropped,
    ),
  ];
  return {
    exchange: ({ result, reason, durationMs }) => {
      exchanges.add([result]);
      if (reason !== undefined) reasons.add([reason]);
      duration.observe(durationMs / 1000);
    },
    finished: ({ verdict, decision }) => {
      decisions.add([decision.row, decision.effect]);
      for (const { code } of verdict.errors) errors.add([code]);
    },
    event: ({ kind, severity, status }) => events.add([kind, severity, status]),
    policyStage: (ms) => policy.observe(ms / 1000),
    storeFailure: () => stores.add([]),
    reload: (succeeded) => reloads.add([succeeded ? 'done' : 'refused']),
    families: () => [
      ...[exchanges, decisions, events, errors, reasons, stores, reloads].map((one) =>
        one.family(),
      ),
      duration.family(),
      policy.family(),
      ...gauges.map((read) => read()),
    ],
  };
}
