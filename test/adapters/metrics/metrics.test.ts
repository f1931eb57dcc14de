import { describe, expect, it } from 'vitest';
import {
  countedAsyncStore,
  countedSyncStore,
} from '../../../src/adapters/metrics/counted-store.ts';
import {
  counter,
  gauge,
  histogram,
  mergeFamilies,
  renderMetrics,
} from '../../../src/adapters/metrics/metric.ts';
import { wafMetrics } from '../../../src/adapters/metrics/waf-metrics.ts';
import { memoryStore } from '../../../src/state/memory.ts';
import type { AsyncStore } from '../../../src/state/store.ts';
import { createWaf } from '../../../src/waf/create-waf.ts';
import { definePolicy } from '../../../src/waf/policy.ts';

describe('renderMetrics', () => {
  it('writes counters and gauges with their labels escaped', () => {
    const hits = counter({ name: 'hits_total', help: 'Hits\\ or\nso.' }, ['who']);
    hits.add(['a"b\\c\nd']);
    hits.add(['x'], 2);
    const level = gauge({ name: 'level', help: 'Level.' }, [], () => [{ labels: [], value: 1.5 }]);
    expect(renderMetrics([hits.family(), level()])).toBe(
      [
        '# HELP hits_total Hits\\\\ or\\nso.',
        '# TYPE hits_total counter',
        'hits_total{who="a\\"b\\\\c\\nd"} 1',
        'hits_total{who="x"} 2',
        '# HELP level Level.',
        '# TYPE level gauge',
        'level 1.5',
        '',
      ].join('\n'),
    );
  });

  it('writes histograms with buckets that sum up', () => {
    const time = histogram({ name: 't', help: 'T.' }, [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) time.observe(value);
    expect(renderMetrics([time.family()]).split('\n').slice(2, -1)).toEqual([
      't_bucket{le="0.1"} 2',
      't_bucket{le="1"} 3',
      't_bucket{le="+Inf"} 4',
      't_sum 7.65',
      't_count 4',
    ]);
  });

  it('keeps so many series and counts the rest as other', () => {
    const hits = counter({ name: 'hits_total', help: 'Hits.' }, ['code'], 3);
    for (let code = 0; code < 50; code++) hits.add([String(code)]);
    hits.add(['1']);
    const { samples } = hits.family();
    expect(samples).toEqual([
      { labels: ['0'], value: 1 },
      { labels: ['1'], value: 2 },
      { labels: ['2'], value: 1 },
      { labels: ['other'], value: 47 },
    ]);
  });

  it('adds up what several processes have counted', () => {
    const make = (label: string, value: number) => {
      const hits = counter({ name: 'hits_total', help: 'Hits.' }, ['who']);
      hits.add([label], value);
      const time = histogram({ name: 't', help: 'T.' }, [1]);
      time.observe(value);
      return [hits.family(), time.family()];
    };
    const [hits, time] = mergeFamilies([make('a', 1), make('b', 2), make('a', 4)]);
    expect(hits?.samples).toEqual([
      { labels: ['a'], value: 5 },
      { labels: ['b'], value: 2 },
    ]);
    expect(time?.samples).toEqual([{ labels: [], value: 7, buckets: [1, 2] }]);
  });
});

describe('wafMetrics', () => {
  it('counts decisions, events and errors of a waf, and times its policy', () => {
    const metrics = wafMetrics({ version: '1', startedMs: 0 });
    const store = countedSyncStore(memoryStore(), metrics.storeFailure);
    const waf = createWaf({
      rules: 'SecRuleEngine On',
      state: store,
      policy: definePolicy({
        signatures: [
          {
            name: 'a',
            action: 'block',
            severity: 'high',
            payload: { part: 'request.path', operator: 'equals', value: '/a' },
          },
        ],
      }),
      events: {
        finished: metrics.finished,
        policy: metrics.event,
        policyStage: metrics.policyStage,
      },
    });
    for (const uri of ['/a', '/a', '/b']) waf.inspect({ method: 'GET', uri, headers: [] });
    const text = renderMetrics(metrics.families());
    expect(text).toContain(
      '\nportcullis_decisions_total{row="custom-signature-block",effect="block"} 2\n',
    );
    expect(text).toContain('\nportcullis_decisions_total{row="fallback",effect="allow"} 1\n');
    expect(text).toContain(
      '\nportcullis_events_total{kind="signature",severity="high",status="active"} 2\n',
    );
    expect(text).toContain('\nportcullis_store_failures_total 0\n');
    const stages = Number(
      /^portcullis_policy_stage_duration_seconds_count (\d+)$/m.exec(text)?.[1],
    );
    expect(stages).toBeGreaterThanOrEqual(3);
  });

  it('counts the calls that a store does not answer', async () => {
    const metrics = wafMetrics({ version: '1', startedMs: 0 });
    const fails = (): never => {
      throw new Error('down');
    };
    const sync = countedSyncStore({ ...memoryStore(), run: fails }, metrics.storeFailure);
    expect(() => sync.run([], 0)).toThrow('down');
    const remote: AsyncStore = {
      mode: 'async',
      load: () => Promise.reject(new Error('down')),
      apply: () => Promise.resolve(),
      run: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    };
    const counted = countedAsyncStore(remote, metrics.storeFailure);
    await expect(counted.load({ name: 'a', key: 'b' }, 0)).rejects.toThrow('down');
    await counted.run([], 0);
    const failures = metrics.families().find(({ name }) => name.includes('store_failures'));
    expect(failures?.samples).toEqual([{ labels: [], value: 2 }]);
  });
});
