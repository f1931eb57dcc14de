// Counters, gauges and histograms, and the text format in which Prometheus reads them (version 0.0.4).
//
// Promise: no metric grows without bound. Labels are words of ours; a metric whose labels could be anything
// keeps so many series and counts the rest as `other`.

/** One series. `labels` in the order of the metric's names. */
export interface Sample {
  readonly labels: readonly string[];
  readonly value: number;
  /** Of histograms: by bucket, not summed up; the last one is what is above all of them. */
  readonly buckets?: readonly number[];
}

/** A metric as data: what one process knows, which can be added to what others know. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** Upper bounds of a histogram. */
  readonly bounds?: readonly number[];
  readonly samples: readonly Sample[];
}

export interface Counter {
  readonly add: (labels: readonly string[], amount?: number) => void;
  readonly family: () => MetricFamily;
}

export interface Histogram {
  readonly observe: (value: number) => void;
  readonly family: () => MetricFamily;
}

interface Named {
  readonly name: string;
  readonly help: string;
}

const MAX_SERIES = 200;
const OTHER = 'other';

export function counter(
  { name, help }: Named,
  labels: readonly string[] = [],
  maxSeries: number = MAX_SERIES,
): Counter {
  const series = new Map<string, { readonly labels: readonly string[]; value: number }>();
  return {
    add: (values, amount = 1) => {
      const isKnown = series.has(keyOf(values));
      const kept = isKnown || series.size < maxSeries ? values : labels.map(() => OTHER);
      const found = series.get(keyOf(kept));
      if (found === undefined) series.set(keyOf(kept), { labels: kept, value: amount });
      else found.value += amount;
    },
    family: () => {
      const samples = [...series.values()].map((one) => ({ ...one }));
      // A counter that nothing has counted yet is zero, not missing.
      if (labels.length === 0 && samples.length === 0) samples.push({ labels: [], value: 0 });
      return { name, help, type: 'counter', labels, samples };
    },
  };
}

const keyOf = (labels: readonly string[]): string => JSON.stringify(labels);

/** Read when it is asked for. */
export function gauge(
  { name, help }: Named,
  labels: readonly string[],
  read: () => readonly Sample[],
): () => MetricFamily {
  return () => ({ name, help, type: 'gauge', labels, samples: read() });
}

/** `bounds` rise. */
export function histogram({ name, help }: Named, bounds: readonly number[]): Histogram {
  const buckets = new Array<number>(bounds.length + 1).fill(0);
  let sum = 0;
  return {
    observe: (value) => {
      let at = 0;
      while (at < bounds.length && value > (bounds[at] as number)) at++;
      buckets[at] = (buckets[at] ?? 0) + 1;
      sum += value;
    },
    family: () => ({
      name,
      help,
      type: 'histogram',
      labels: [],
      bounds,
      samples: [{ labels: [], value: sum, buckets: [...buckets] }],
    }),
  };
}

/** The sum of what several processes know. */
export function mergeFamilies(all: readonly (readonly MetricFamily[])[]): readonly MetricFamily[] {
  const families = new Map<string, MetricFamily>();
  for (const family of all.flat()) {
    const before = families.get(family.name);
    families.set(family.name, before === undefined ? family : added(before, family));
  }
  return [...families.values()];
}

function added(a: MetricFamily, b: MetricFamily): MetricFamily {
  const samples = new Map(a.samples.map((sample) => [keyOf(sample.labels), sample]));
  for (const sample of b.samples) {
    const before = samples.get(keyOf(sample.labels));
    samples.set(
      keyOf(sample.labels),
      before === undefined
        ? sample
        : {
            labels: sample.labels,
            value: before.value + sample.value,
            ...(before.buckets !== undefined && {
              buckets: before.buckets.map((count, at) => count + (sample.buckets?.[at] ?? 0)),
            }),
          },
    );
  }
  return { ...a, samples: [...samples.values()] };
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function renderMetrics(families: readonly MetricFamily[]): string {
  return families.map(renderFamily).join('');
}

function renderFamily({ name, help, type, labels, bounds = [], samples }: MetricFamily): string {
  const lines = [`# HELP ${name} ${escapedHelp(help)}`, `# TYPE ${name} ${type}`];
  for (const sample of samples) {
    const { value, buckets } = sample;
    const pairs = labels.map((label, at) => [label, sample.labels[at] ?? ''] as const);
    if (buckets === undefined) {
      lines.push(`${name}${labelText(pairs)} ${numberText(value)}`);
      continue;
    }
    let count = 0;
    for (const [at, inBucket] of buckets.entries()) {
      count += inBucket;
      const bound = bounds[at];
      const le = ['le', bound === undefined ? '+Inf' : numberText(bound)] as const;
      lines.push(`${name}_bucket${labelText([...pairs, le])} ${count}`);
    }
    lines.push(`${name}_sum${labelText(pairs)} ${numberText(value)}`);
    lines.push(`${name}_count${labelText(pairs)} ${count}`);
  }
  return `${lines.join('\n')}\n`;
}

function labelText(pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return '';
  return `{${pairs.map(([label, value]) => `${label}="${escapedLabel(value)}"`).join(',')}}`;
}

const escapedHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapedLabel = (text: string): string => escapedHelp(text).replaceAll('"', '\\"');

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
