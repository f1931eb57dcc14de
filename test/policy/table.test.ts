import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecisionRow, ROWS } from '../../src/model/decision.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import { memoryStore } from '../../src/state/memory.ts';
import type { SyncStore } from '../../src/state/store.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { definePolicy } from '../../src/waf/policy.ts';

/** What makes a row apply to the exchange below: a part of the document, and of the rules. */
interface Maker {
  readonly document?: Readonly<Record<string, unknown>>;
  readonly rules?: string;
}

const ADDRESS = '203.0.113.7';
const USER = 'ann@shop.test';

const MAKERS: Readonly<Record<DecisionRow, Maker>> = {
  'ip-allow': { document: { allow: { addresses: ['203.0.113.0/24'] } } },
  'actor-allow': { document: { allow: { actors: [USER] } } },
  'email-domain-allow': { document: { allow: { emailDomains: ['shop.test'] } } },
  'custom-signature-allow': {
    document: {
      signatures: [
        {
          name: 'let through',
          action: 'allow',
          payload: { part: 'request.path', operator: 'equals', value: '/a' },
        },
      ],
    },
  },
  'custom-signature-block': {
    document: {
      signatures: [
        {
          name: 'keep out',
          action: 'block',
          payload: { part: 'request.method', operator: 'equals', value: 'POST' },
        },
      ],
    },
  },
  // The state store does not answer.
  'engine-error': { rules: 'SecAction "id:2,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR}"' },
  'signature-block': { rules: 'SecRule ARGS:q "@streq attack" "id:1,phase:1,deny,status:406"' },
  'ip-block-all-except': {
    document: {
      sources: [{ name: 'only us', action: 'blockAllExcept', addresses: '192.0.2.0/24' }],
    },
  },
  'ip-block': {
    document: { sources: [{ name: 'bad range', action: 'block', addresses: ADDRESS }] },
  },
  'actor-block': { document: { block: { actors: [USER] } } },
  'email-domain-block': {
    document: {
      sources: [{ name: 'bad mail', action: 'block', emails: { domains: ['shop.test'] } }],
    },
  },
  'ip-type-block': {
    document: { sources: [{ name: 'exit nodes', action: 'block', ipTypes: 'torExitNode' }] },
  },
  'email-domain-block-all-except': {
    document: { block: { allEmailDomainsExcept: ['office.test'] } },
  },
  'region-block-all-except': {
    document: { sources: [{ name: 'home only', action: 'blockAllExcept', regions: 'DE' }] },
  },
  'region-block': {
    document: { sources: [{ name: 'not there', action: 'block', regions: 'FR' }] },
  },
  'threshold-block': {
    document: {
      rateLimits: [{ name: 'none at all', action: 'block', conditions: { moreThan: 0, in: '5m' } }],
    },
  },
  fallback: {},
};

const COMMON = {
  attribution: [{ from: 'header', name: 'X-User', trusted: true }],
  intelligence: {
    disposableDomains: { package: false },
    bots: { package: false },
    scanners: { package: false },
    ranges: [
      { file: 'types.csv', kind: 'ipType' },
      { file: 'regions.csv', kind: 'region' },
    ],
  },
};
const FILES: Readonly<Record<string, string>> = {
  'types.csv': '203.0.113.0/24,torExitNode\n',
  'regions.csv': '203.0.113.0/24,FR\n',
};

const RECORD: ExchangeRecord = {
  id: 'x',
  method: 'POST',
  uri: '/a?q=attack',
  version: 'HTTP/1.1',
  headers: [
    ['Host', 'shop.test'],
    ['X-User', USER],
    ['Content-Type', 'application/x-www-form-urlencoded'],
  ],
  body: 'field=value',
  client: { address: ADDRESS, port: 1 },
  timeMs: Date.UTC(2026, 10, 21),
};

/** Counts, and fails to find what `initcol` wants. */
function withoutCollections(): SyncStore {
  return {
    ...memoryStore(),
    load: () => {
      throw new Error('no connection');
    },
  };
}

/** The document that makes all these rows apply, its lists in the order of `rows`. */
function documentOf(rows: readonly DecisionRow[]): Record<string, unknown> {
  const document: Record<string, unknown> = { ...COMMON };
  for (const row of rows) {
    for (const [key, value] of Object.entries(MAKERS[row].document ?? {})) {
      const before = document[key];
      document[key] = Array.isArray(value)
        ? [...((before as unknown[] | undefined) ?? []), ...value]
        : { ...(before as object | undefined), ...(value as object) };
    }
  }
  return document;
}

function decisionOf(rows: readonly DecisionRow[], more: Record<string, unknown> = {}) {
  // A phase ends at the rule that denies, so rules stand in the order of the table.
  const wanted = ROWS.filter((row) => rows.includes(row));
  const rules = ['SecRuleEngine On', ...wanted.map((row) => MAKERS[row].rules ?? '')].join('\n');
  const policy = definePolicy(
    { ...documentOf(rows), ...more },
    { files: { read: (path) => FILES[path.replace(/^.*\//, '')] } },
  );
  return createWaf({ rules: `${rules}\n`, policy, state: withoutCollections() }).inspect(RECORD)
    .decision;
}

const ALLOWING: ReadonlySet<DecisionRow> = new Set([
  'ip-allow',
  'actor-allow',
  'email-domain-allow',
  'custom-signature-allow',
  'fallback',
]);

/** A document has at most one "block all except". */
const isBothExcept = (one: DecisionRow, other: DecisionRow): boolean =>
  [one, other].every((row) => row === 'ip-block-all-except' || row === 'region-block-all-except');

describe('the priority table', () => {
  it.each(ROWS)('decides by %s when nothing else applies', (row) => {
    const decision = decisionOf([row]);
    expect(decision).toMatchObject({ row, effect: ALLOWING.has(row) ? 'allow' : 'block' });
    expect(decision.trace.at(-1)).toMatchObject({ row, applies: true });
    expect(decision.trace.map((one) => one.row)).toEqual(ROWS.slice(0, ROWS.indexOf(row) + 1));
  });

  const pairs = ROWS.flatMap((higher, at) =>
    ROWS.slice(at + 1)
      .filter((lower) => !isBothExcept(higher, lower))
      .map((lower) => ({ higher, lower })),
  );

  it.each(pairs)('lets $higher decide over $lower', ({ higher, lower }) => {
    const { row, effect, trace } = decisionOf([lower, higher]);
    expect({ row, effect }).toEqual({
      row: higher,
      effect: ALLOWING.has(higher) ? 'allow' : 'block',
    });
    expect(trace.at(-1)).toMatchObject({ row: higher, applies: true });
  });

  it.each(pairs.filter(({ lower }) => lower !== 'fallback'))(
    'lets $lower decide over $higher when the document turns them round',
    ({ higher, lower }) => {
      const table = ROWS.map((row) => (row === higher ? lower : row === lower ? higher : row));
      expect(decisionOf([higher, lower], { table }).row).toBe(lower);
    },
  );

  it('is the same whatever the order of the document', () => {
    const shuffled = fc.shuffledSubarray(
      ROWS.filter((row): row is DecisionRow => row !== 'region-block-all-except'),
      { minLength: 2 },
    );
    fc.assert(
      fc.property(shuffled, (rows) => {
        const sorted = ROWS.filter((row) => rows.includes(row));
        const { row, effect, rule, trace } = decisionOf(rows);
        expect({ row, effect, rule, trace }).toEqual(
          ((decision) => ({
            row: decision.row,
            effect: decision.effect,
            rule: decision.rule,
            trace: decision.trace,
          }))(decisionOf(sorted)),
        );
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 50) },
    );
  });
});

describe('a second "block all except"', () => {
  it('is refused', () => {
    expect(() => decisionOf(['ip-block-all-except', 'region-block-all-except'])).toThrow(
      /policy-second-block-all-except/,
    );
  });
});
