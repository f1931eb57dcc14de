// Our own engine under measurement, in this process and thread.
//
// Each request is timed by itself, from creating the exchange to its outcome; what compares verdicts runs
// between the timed parts.

import type { ValueCacheReport } from '../engine/value-cache.ts';
import type { ExchangeRecord } from '../model/exchange.ts';
import type { Verdict } from '../model/verdict.ts';
import { createWaf, type Waf } from '../waf/create-waf.ts';
import { meanOf } from './bench-samples.ts';
import type { BenchSubject, FirstPass, TimedSlice } from './bench-subject.ts';
import { recordVerdict, verdictLine } from './bench-verdict.ts';
import { FailureError, type Output } from './output.ts';
import { type LoadedRules, loadRulesFromOptions, type RulesOptions } from './rules-options.ts';
import { beginWork } from './start-calmly.ts';

export interface OwnEngineOptions {
  readonly rules: RulesOptions;
  readonly records: readonly ExchangeRecord[];
  readonly version: string;
  /** Load the rules anew before each timed slice: caches are then cold and state is gone. */
  readonly fresh: boolean;
  /** False: nothing is kept of names and header values from request to request. */
  readonly valueCache: boolean;
  /** At least so long are requests repeated before times count. */
  readonly warmUpSeconds: number;
}

export interface OwnEngine extends BenchSubject {
  readonly loaded: LoadedRules;
  readonly valueCache: () => ValueCacheReport | undefined;
}

const SILENT: Output = { data: () => {}, talk: () => {}, colour: false };

export function ownEngine(options: OwnEngineOptions, output: Output): OwnEngine {
  const { records } = options;
  const began = performance.now();
  const loaded = loadRulesFromOptions(options.rules, output);
  const wafOf = ({ ruleset }: LoadedRules): Waf<'sync'> =>
    createWaf({ rules: ruleset, ...(!options.valueCache && { cache: false }) });
  let waf = wafOf(loaded);
  const loadMs = performance.now() - began;
  beginWork();
  let expected: readonly string[] = [];

  const inspect = (index: number): { us: number; verdict: Verdict } => {
    const record = records[index] as ExchangeRecord;
    const start = performance.now();
    const { verdict } = waf.inspect(record);
    return { us: (performance.now() - start) * 1000, verdict };
  };

  const tellErrors = (verdicts: readonly Verdict[]): void => {
    const failed = verdicts.filter(({ errors }) => errors.length > 0);
    const error = failed[0]?.errors[0];
    if (error === undefined) return;
    output.talk(
      `${failed.length} records could not be judged in full; the first: ${failed[0]?.id}: ${error.message}\n`,
    );
  };

  return {
    name: 'portcullis',
    version: options.version,
    loadMs,
    loaded,
    valueCache: () => waf.cache,
    firstPass: async (): Promise<FirstPass> => {
      const passed = records.map((_, index) => inspect(index));
      const verdicts = passed.map(({ verdict }) => recordVerdict(verdict));
      tellErrors(passed.map(({ verdict }) => verdict));
      expected = verdicts.map(verdictLine);
      return { us: Float64Array.from(passed, ({ us }) => us), verdicts };
    },
    warmUp: async () => {
      const us: number[] = [];
      const wantedUs = options.warmUpSeconds * 1e6;
      for (let index = 0, spentUs = 0; spentUs < wantedUs || us.length === 0; index++) {
        us.push(inspect(index % records.length).us);
        spentUs += us.at(-1) ?? 0;
      }
      return meanOf(us.slice(us.length >> 1));
    },
    timed: async (from, count): Promise<TimedSlice> => {
      if (expected.length === 0) throw new FailureError('verdicts are needed before times');
      if (options.fresh) {
        waf = wafOf(loadRulesFromOptions(options.rules, SILENT));
      }
      const us = new Float64Array(count);
      let changed = 0;
      const cpu = process.cpuUsage();
      for (let at = 0; at < count; at++) {
        const index = (from + at) % records.length;
        const inspected = inspect(index);
        us[at] = inspected.us;
        if (verdictLine(recordVerdict(inspected.verdict)) !== expected[index]) changed++;
      }
      const { user, system } = process.cpuUsage(cpu);
      return { us, cpuUs: user + system, changed };
    },
    rssMb: async () => process.memoryUsage.rss() / 1e6,
    close: async () => waf.close(),
  };
}
