// Every way in which the machine leaves work out, switched on and off on generated requests against CRS: the same
// verdicts. How often each way was taken has a floor, so that the comparison cannot become empty.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replays } from '../../src/engine/replays.ts';
import { type RunOptions, runOnMachine, runOnReference } from '../../src/engine/run-phase.ts';
import { TransactionState } from '../../src/engine/state.ts';
import { TransactionCore } from '../../src/engine/transaction.ts';
import { ValueCache } from '../../src/engine/value-cache.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import { compileProgram } from '../../src/program/compile.ts';
import type { Program } from '../../src/program/program.ts';
import { Sameness, Shortcut } from '../../src/program/shortcuts.ts';
import type { Ruleset } from '../../src/ruleset/ruleset.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { syncDriver } from '../../src/waf/transactions.ts';
import { crsPath, loadCrs } from '../support/crs.ts';
import { comparable } from '../support/paired-transaction.ts';
import { describeShared } from '../support/shared.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const NOW = 1_790_000_000_000;

interface Counts {
  asked: number;
  read: number;
  unchanged: number;
}

/** The program, with its looks at values counted. */
function counted(program: Program, counts: Counts): Program {
  return {
    ...program,
    shortcuts: (classes) => {
      const shortcut = program.shortcuts(classes);
      const { sameAt } = shortcut.sameness;
      counts.read++;
      counts.unchanged += sameAt.reduce((sum, one) => sum + one, 0) / sameAt.length;
      return shortcut;
    },
  };
}

/** The rules, with every question to a regular expression counted. */
function watched(ruleset: Ruleset, counts: Counts): Ruleset {
  const rules = ruleset.rules.map((rule) => ({
    ...rule,
    links: rule.links.map((link) => {
      const { operator } = link;
      if (operator === undefined || operator.definition.name !== 'rx') return link;
      const { compiled } = operator;
      const evaluate: typeof compiled.evaluate = (value, run) => {
        counts.asked++;
        return compiled.evaluate(value, run);
      };
      return { ...link, operator: { ...operator, compiled: { ...compiled, evaluate } } };
    }),
  }));
  const phases = Object.fromEntries(
    Object.keys(ruleset.phases).map((phase) => [
      phase,
      rules.filter((rule) => String(rule.phase) === phase),
    ]),
  ) as unknown as Ruleset['phases'];
  return { ...ruleset, rules, phases };
}

/** `known` is 'reference' for the reference interpreter, which leaves nothing out. */
function judge(program: Program, known: RunOptions | 'reference', record: ExchangeRecord): string {
  const state = new TransactionState({
    id: record.id ?? '',
    startedMs: NOW,
    nowMs: () => NOW,
    settings: program.settings,
    selections: program.selections,
  });
  const core = new TransactionCore({
    state,
    runPhase:
      known === 'reference'
        ? runOnReference(program.ruleset, state)
        : runOnMachine(program, state, known),
    findXPath: (expression) => program.ruleset.xpaths.get(expression),
  });
  const driver = syncDriver(memoryStore());
  const { method, uri, headers, body, response } = record;
  driver.drive(core, core.requestHead({ method, uri, version: 'HTTP/1.1', headers }));
  if (body !== undefined) core.requestBody(body);
  driver.drive(core, core.endRequest());
  if (response !== undefined) {
    driver.drive(core, core.responseHead(response));
    if (response.body !== undefined) core.responseBody(response.body);
    driver.drive(core, core.endResponse());
  }
  return comparable(driver.finish(core));
}

const WORDS = [
  ...[
    'hello',
    'world 7',
    'user_name',
    'a@b.test',
    '2026-01-15',
    'a,b;c',
    '',
    '0',
    "it's",
    '%41b+c',
  ],
  ...["1' or '1'='1", 'union select a from b', '<script>alert(1)</script>', '../../etc/passwd'],
  ...['; cat /etc/passwd', '$(id)', '<?php system(1)', 'php://input', 'javascript:x', '0x41--'],
  ...[
    '\0',
    'caf\xc3\xa9',
    '\xff',
    'x\\u003cy',
    '&lt;b&gt;',
    'sleep(5)',
    'curl http://1.2.3.4',
    '{{7*7}}',
  ],
];
const word = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map(([a, b]) => `${a} ${b}`),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
);
const name = fc.constantFrom('a', 'id', 'q', 'page', 'user[name]', 'X-Forwarded-For', 'exec', "n'");
const escaped = (text: string): string =>
  [...text]
    .map((char) =>
      /\w/.test(char) ? char : `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .join('');
const form = fc
  .array(fc.tuple(name, word), { maxLength: 4 })
  .map((pairs) => pairs.map(([key, value]) => `${escaped(key)}=${escaped(value)}`).join('&'));
const line = word.map((text) => text.replace(/[\0\r\n]/g, ''));

const requests: fc.Arbitrary<ExchangeRecord> = fc
  .record({
    query: form,
    path: fc.constantFrom('/', '/index.php', '/a/../b', '/%2e%2e/x', '/admin/'),
    agent: fc.constantFrom('Mozilla/5.0 (X11; Linux x86_64)', 'curl/8.0', 'sqlmap/1.0'),
    // CRS leaves different ones out of different rules.
    cookieName: fc.constantFrom('session', '_ga', '_ga_A1', '__gads', 'fccdcf', '_clck', 'x_awl'),
    cookie: line,
    extra: line,
    body: fc.option(form, { nil: undefined }),
    page: fc.option(word, { nil: undefined }),
  })
  .map(({ query, path, agent, cookieName, cookie, extra, body, page }) => ({
    id: 'generated',
    timeMs: NOW,
    method: body === undefined ? 'GET' : 'POST',
    uri: query === '' ? path : `${path}?${query}`,
    headers: [
      ['Host', 'shop.test'],
      ['User-Agent', agent],
      ['Accept', 'text/html,*/*;q=0.8'],
      ['Cookie', `${cookieName}=${cookie}; theme=dark; _ga=GA1.2.1.1; sharedid=a--b`],
      ['X-Extra', extra],
      ...(body === undefined
        ? []
        : ([
            ['Content-Type', 'application/x-www-form-urlencoded'],
            ['Content-Length', String(body.length)],
          ] as const)),
    ],
    ...(body !== undefined && { body }),
    ...(page !== undefined && {
      response: {
        status: 200,
        headers: [['Content-Type', 'text/html']] as const,
        body: `<p>${page}</p>`,
      },
    }),
  }));

describeShared('ways to leave work out', crsPath('rules'), () => {
  it.each([
    { paranoia: 4, tiers: 1, least: 40, followed: 0.5, runs: RUNS },
    { paranoia: 2, tiers: 3, least: 15, followed: 1.5, runs: Math.ceil(RUNS / 4) },
  ])('change no verdict at level $paranoia', { timeout: 120_000 + RUNS * 1000 }, (at) => {
    const { runs } = at;
    const rules = loadCrs(crsPath(), { paranoia: at.paranoia, engine: 'DetectionOnly' });
    const fastCounts: Counts = { asked: 0, read: 0, unchanged: 0 };
    const slowCounts: Counts = { asked: 0, read: 0, unchanged: 0 };
    const fast = counted(compileProgram(watched(rules, fastCounts)), fastCounts);
    const slow = compileProgram(watched(rules, slowCounts), { filters: false });
    const unwatched = compileProgram(rules, { filters: false });
    const { length } = fast.shortcuts(0).sameness.sameAt;
    const noShortcut = new Shortcut(-1, new Sameness(new Uint8Array(length)));
    const plain = { ...fast, shortcuts: () => noShortcut };
    const cache = new ValueCache(1 << 20);
    const tiny = new ValueCache(8000);
    const replays = new Replays();
    let matches = 0;
    fc.assert(
      fc.property(requests, (record) => {
        const expected = judge(slow, {}, record);
        expect(judge(unwatched, 'reference', record)).toBe(expected);
        matches += expected.split('"id"').length;
        expect(judge(fast, {}, record)).toBe(expected);
        expect(judge(fast, { cache }, record)).toBe(expected);
        expect(judge(fast, { cache: tiny, replays }, record)).toBe(expected);
        // Forms are not shared: every pipeline is run.
        expect(judge(plain, {}, record)).toBe(expected);
      }),
      { numRuns: runs },
    );
    expect(matches / runs).toBeGreaterThan(at.least);
    // What the level lets run is read at once, and its questions are stepped over.
    expect(fast.filters[2]?.tiers).toHaveLength(at.tiers);
    expect(fast.filters[2]?.places.quiet).toMatchObject({ key: 'detection_paranoia_level' });
    // Four runs on the one side, one on the other.
    expect(fastCounts.asked / 4).toBeLessThan(slowCounts.asked / 3);
    expect(fastCounts.unchanged / fastCounts.read).toBeGreaterThan(0.2);
    const { hits, misses } = cache.report;
    expect(hits).toBeGreaterThan(misses);
    expect(tiny.report.misses).toBeGreaterThan(misses);
    // The setup in front of the rules is one run at least.
    expect(replays.replayed / runs).toBeGreaterThan(5);
    expect(replays.followed / runs).toBeGreaterThan(at.followed);
  });
});

describe('escaped', () => {
  it('escapes what a form cannot hold', () => {
    expect(escaped("a b'&")).toBe('a%20b%27%26');
  });
});
