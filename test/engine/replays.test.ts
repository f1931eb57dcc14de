// Runs of closed rules that are repeated from request to request: no verdict may tell.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedValues } from '../../src/engine/collections.ts';
import { Replays } from '../../src/engine/replays.ts';
import { runOnMachine } from '../../src/engine/run-phase.ts';
import { TransactionState } from '../../src/engine/state.ts';
import { TransactionCore } from '../../src/engine/transaction.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { compileProgram } from '../../src/program/compile.ts';
import type { Program } from '../../src/program/program.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import { syncDriver } from '../../src/waf/transactions.ts';
import { comparable } from '../support/paired-transaction.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

function request(uri: string, more: Partial<ExchangeRecord> = {}): ExchangeRecord {
  const client = { address: '192.0.2.1', port: 1 };
  const head = { method: 'GET', uri, version: 'HTTP/1.1', headers: [] };
  return { id: 'a', timeMs: 0, client, ...head, ...more };
}

const KEYS = ['a', 'b', 'C', 'score', 'long_name', '0', '1'];
const key = fc.constantFrom(...KEYS);
const text = fc.constantFrom('1', '0', '', '5', 'x', '+1', '+3', '-1', '%{tx.a}', '+%{tx.score}');
const setvar = fc.tuple(key, text).map(([name, value]) => `setvar:'tx.${name}=${value}'`);
const effect = fc.oneof(
  { weight: 6, arbitrary: setvar },
  key.map((name) => `setvar:!tx.${name}`),
  { weight: 2, arbitrary: fc.constantFrom('setvar:tx.by_%{tx.0}=%{tx.0}', 'setvar:tx.%{tx.a}=+1') },
  fc.constantFrom(
    'setvar:tx.copy=%{MATCHED_VAR}',
    'setvar:tx.%{ARGS.k}=1',
    'ctl:ruleRemoveById=7',
    'ctl:ruleRemoveById=3-5',
    'ctl:ruleRemoveTargetById=4;TX:a',
    'ctl:ruleEngine=DetectionOnly',
  ),
);
const target = fc.oneof(
  { weight: 6, arbitrary: key.map((name) => `TX:${name}`) },
  key.map((name) => `&TX:${name}`),
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'REQUEST_METHOD',
      'REQUEST_PROTOCOL',
      'REQBODY_PROCESSOR',
      'REQUEST_HEADERS_NAMES',
      '&REQUEST_HEADERS:a',
      'REQUEST_HEADERS:Content-Type',
      'TX:/^by_/',
      'TX:/[a-c]$/',
    ),
  },
  fc.constantFrom(
    'TX:/^[ab]$/',
    '&TX:/o/',
    'TX',
    '&TX',
    'ARGS',
    'ARGS:k',
    'MATCHED_VAR',
    'MATCHED_VARS',
    'MATCHED_VAR_NAME',
    '&MATCHED_VARS:TX:a',
    'HIGHEST_SEVERITY',
    'REMOTE_ADDR',
  ),
);
const operator = fc.constantFrom(
  '@eq 0',
  '@eq 1',
  '@ge 3',
  '!@eq 1',
  '@streq x',
  '@rx ^(.)',
  '@lt %{tx.score}',
  '@unconditionalMatch',
  '@contains 1',
  '!@within POST b HTTP/1.1 x',
  '!@within %{tx.a}',
  '@rx ^.*$',
);
const extra = fc.constantFrom(
  '',
  '',
  '',
  ',t:lowercase',
  ',capture',
  ',multiMatch,t:none,t:length',
  ',severity:2',
  ',skip:2',
  ',skipAfter:END',
  ',deny',
  ',allow:phase',
  ",msg:'m %{tx.a}'",
  ",logdata:'%{MATCHED_VAR_NAME}'",
  ",tag:'t%{tx.b}'",
);
const effects = fc.array(effect, { maxLength: 3 }).map((list) => list.map((one) => `,${one}`));
const chain = fc.constantFrom(
  '',
  '',
  'SecRule TX:score "@ge 1" "setvar:tx.c=+1"',
  'SecRule TX:/^by_/ "@within %{tx.a}" "setvar:tx.score=+2"',
  'SecRule &REQUEST_HEADERS:a "!@eq 1" "setvar:tx.score=+1"',
  'SecRule REQUEST_HEADERS:Content-Type "@rx ^(.)" "capture,setvar:tx.b=%{tx.1}"',
);
const rule = fc
  .record({ target, operator, extra, effects, isAction: fc.boolean(), chain })
  .map((parts) => (id: number, phase: number): string => {
    const actions = `"id:${id},phase:${phase},nolog${parts.extra.includes('deny') || parts.extra.includes('allow') ? '' : ',pass'}${parts.extra}${parts.effects.join('')}`;
    if (parts.isAction) return `SecAction ${actions.replace(/,(t:\w+|capture|multiMatch)/g, '')}"`;
    const starter = `SecRule ${parts.target} "${parts.operator}" ${actions}`;
    return parts.chain === '' ? `${starter}"` : `${starter},chain"\n${parts.chain}`;
  });
/** Shows all of TX, in order. */
const SHOW = `SecRule TX "@unconditionalMatch" "id:900,phase:2,pass,nolog,setvar:'tx.all=%{tx.all};%{MATCHED_VAR_NAME}=%{MATCHED_VAR}'"
SecAction "id:901,phase:2,pass,nolog,msg:'%{tx.all}'"`;
/** What CRS does with methods, types and names: starters that write, and hardly ever match as a whole. */
const kept = fc
  .constantFrom(
    ['REQUEST_METHOD "!@within POST"', 'setvar:tx.m=%{tx.a}', 'TX:score "@ge 9"'],
    ['REQUEST_METHOD "!@within POST"', 'setvar:tx.by_%{tx.a}=+1', 'TX:/^by_/ "@ge 3"'],
    ['REQUEST_METHOD "@rx ^(.)"', 'capture,setvar:tx.%{tx.1}=1', 'TX:score "@ge 9"'],
    ['REQUEST_HEADERS_NAMES "@rx ^.*$"', 'capture,setvar:tx.by_%{tx.0}=1', 'TX:/^by_/ "@eq 5"'],
    ['REQUEST_HEADERS_NAMES "@rx ^.*$"', 'capture,setvar:tx.n=%{tx.0}', 'TX:n "@streq A"'],
    ['REQUEST_HEADERS:Content-Type "@rx ^(.)"', 'capture,setvar:tx.t=%{tx.1}', 'TX:t "@streq b"'],
    ['TX:/^[tmn]$|_a$/ "@rx (.)"', 'capture,setvar:tx.s=+1', 'TX:s "@ge 3"'],
    ['TX:/^[tmn]$|_a$/ "@rx ."', 'capture', 'TX:s "@ge 3"'],
    ['TX:s "!@rx ^(\\d)$"', 'capture', 'TX:1 "@eq 7"'],
  )
  .map(([test, effect, chained]) => (id: number, phase: number): string => {
    return `SecRule ${test} "id:${id},phase:${phase},deny,${effect},chain"\nSecRule ${chained}`;
  });
const rules = fc
  .tuple(
    fc.array(fc.oneof({ weight: 2, arbitrary: rule }, kept), { minLength: 4, maxLength: 14 }),
    fc.nat({ max: 13 }),
  )
  .map(([list, marker]) => {
    const lines = list.map((write, at) => write(at + 1, at % 3 === 2 ? 2 : 1));
    lines.splice(Math.min(marker, lines.length), 0, 'SecMarker END');
    return `SecRuleEngine On\nSecRequestBodyAccess On\n${lines.join('\n')}\n${SHOW}`;
  });
const requests = fc.array(
  fc
    .tuple(
      fc.constantFrom('/', '/?k=1', '/?k=a', '/?k=x&a=1', '/?k=score&b=0'),
      fc.constantFrom('192.0.2.1', '192.0.2.2'),
      fc.constantFrom('GET', 'GET', 'POST'),
      fc.constantFrom('', '', 'a', 'A,a', 'b,a', 'Content-Type', 'content-type', 'aa', 'score'),
    )
    .map(([uri, address, method, names]) => {
      const headers = names === '' ? [] : names.split(',').map((name) => [name, 'x'] as const);
      return request(uri, { client: { address, port: 1 }, method, headers });
    }),
  { minLength: 3, maxLength: 8 },
);

function judge(program: Program, replays: Replays, record: ExchangeRecord): Verdict {
  const state = new TransactionState({
    id: 'a',
    startedMs: 0,
    nowMs: () => 0,
    settings: program.settings,
    selections: program.selections,
  });
  const core = new TransactionCore({
    state,
    runPhase: runOnMachine(program, state, { replays }),
    findXPath: () => undefined,
  });
  const driver = syncDriver(memoryStore());
  core.connection({ client: record.client });
  driver.drive(core, core.requestHead({ ...record, version: 'HTTP/1.1' }));
  driver.drive(core, core.endRequest());
  return driver.finish(core);
}

describe('repeated runs of closed rules', () => {
  it('change no verdict', { timeout: 60_000 + RUNS * 100 }, () => {
    let replayed = 0;
    fc.assert(
      fc.property(rules, requests, (source, records) => {
        const program = compileProgram(loadRuleset(source));
        const reference = createWaf({ rules: source, reference: true });
        const replays = new Replays();
        for (const record of records) {
          const verdict = judge(program, replays, record);
          const transaction = reference.transaction({ id: 'a', timeMs: 0 });
          transaction.connection({ client: record.client });
          transaction.requestHead({ ...record, version: 'HTTP/1.1' });
          transaction.endRequest();
          const expected = transaction.finish();
          expect(`${comparable(verdict)}\n${source}`).toBe(`${comparable(expected)}\n${source}`);
        }
        replayed += replays.replayed;
      }),
      { numRuns: RUNS },
    );
    expect(replayed / RUNS).toBeGreaterThan(2);
  });

  it('end at a rule that looks at the request, also when it cannot match the first one', () => {
    const waf = createWaf({
      rules: `SecRuleEngine On
SecRule TX:level "@ge 1" "id:1,phase:1,pass"
SecRule ARGS "@contains attack" "id:2,phase:1,deny"
SecRule TX:level "@ge 2" "id:3,phase:1,pass"`,
    });
    const rules = ['/?q=plain', '/?q=attack', '/?q=plain', '/?q=attack'].map(
      (uri) => waf.inspect(request(uri)).verdict.interruption?.rule,
    );
    expect(rules).toEqual([undefined, 2, undefined, 2]);
  });

  it('follow one another as long as nothing else is there, and nothing was removed', () => {
    const rules = `SecRuleEngine On
SecAction "id:1,phase:1,pass,setvar:tx.level=1"
SecRule ARGS "@contains remove" "id:2,phase:1,pass,ctl:ruleRemoveById=5"
SecRule TX:level "@ge 1" "id:3,phase:1,pass"
SecRule ARGS "@contains low" "id:4,phase:1,pass,setvar:tx.level=0"
SecRule TX:level "@lt 2" "id:5,phase:1,pass,skipAfter:END"
SecRule TX:level "@lt 3" "id:6,phase:1,pass"
SecMarker END
SecRule ARGS "@contains attack" "id:7,phase:1,pass"
SecRule TX:level "@ge 1" "id:8,phase:1,pass"`;
    const program = compileProgram(loadRuleset(rules));
    const replays = new Replays();
    const expected: Readonly<Record<string, string>> = {
      '/': '1,3,5,8',
      '/?a=remove': '1,2,3,6,8',
      '/?a=low': '1,3,4,5',
      '/?a=attack': '1,3,5,7,8',
    };
    const uris = Object.keys(expected).flatMap((uri) => ['/', uri, uri, '/', uri]);
    for (const uri of uris) {
      const { matches } = judge(program, replays, request(uri));
      expect([uri, matches.map(({ rule }) => rule.id).join()]).toEqual([uri, expected[uri]]);
    }
    expect(replays.followed).toBeGreaterThan(0);
  });

  it('are forgotten, and learned anew, when all that is kept has become much', () => {
    const program = compileProgram(
      loadRuleset(
        'SecRuleEngine On\nSecAction "id:1,phase:1,pass,setvar:tx.a=1"\nSecAction "id:2,phase:2,pass"',
      ),
    );
    const replays = new Replays();
    const repeatedRuns = (): number => {
      const before = replays.replayed;
      expect(judge(program, replays, request('/')).matches).toHaveLength(2);
      return replays.replayed - before;
    };
    expect([repeatedRuns(), repeatedRuns()]).toEqual([0, 2]);
    for (let values = 0; values < 3000; values++) replays.count(true);
    expect([repeatedRuns(), repeatedRuns()]).toEqual([0, 2]);
  });

  it('show names of headers as they came', () => {
    const waf = createWaf({
      rules: `SecRuleEngine On
SecRule REQUEST_HEADERS:Content-Type "!@within a" "id:1,phase:1,deny,chain"
SecRule TX:score "@ge 1"
SecRule MATCHED_VAR_NAME "@streq REQUEST_HEADERS:content-type" "id:2,phase:1,deny"`,
    });
    const denied = ['Content-Type', 'content-type', 'Content-Type', 'content-type'].map(
      (name) => waf.inspect(request('/', { headers: [[name, 'x']] })).verdict.interruption?.rule,
    );
    expect(denied).toEqual([undefined, 2, undefined, 2]);
  });

  it('show keys of TX as they were written', () => {
    const waf = createWaf({
      rules: `SecRuleEngine On
SecAction "id:1,phase:1,pass,setvar:tx.%{ARGS.k}=1"
SecRule TX:level "@ge 1" "id:2,phase:1,pass"`,
    });
    const shown = ['level', 'LEVEL', 'level', 'Level'].map(
      (name) => waf.inspect(request(`/?k=${name}`)).verdict.matches[1]?.variable,
    );
    expect(shown).toEqual(['TX:level', 'TX:LEVEL', 'TX:level', 'TX:Level']);
  });

  it('show each client its own address', () => {
    const waf = createWaf({
      rules: 'SecRuleEngine On\nSecAction "id:1,phase:1,pass,setvar:tx.a=1"',
    });
    const shown = ['192.0.2.1', '192.0.2.2', '192.0.2.1'].map(
      (address) =>
        waf.inspect(request('/', { client: { address, port: 1 } })).verdict.matches[0]?.value,
    );
    expect(shown).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.1']);
  });

  it('end where other rules have been put in force', () => {
    const rulesFor = (limit: number): string => `SecRuleEngine On
SecAction "id:1,phase:1,pass,setvar:tx.limit=${limit}"
SecRule TX:limit "@ge 2" "id:2,phase:1,deny"`;
    const waf = createWaf({ rules: rulesFor(1) });
    for (let n = 0; n < 3; n++) expect(waf.inspect(request('/')).verdict.interruption).toBeNull();
    waf.reload(rulesFor(2));
    expect(waf.inspect(request('/')).verdict.interruption?.rule).toBe(2);
  });
});

describe('KeyedValues over shared ones', () => {
  const change = fc.tuple(fc.constantFrom('set', 'add', 'unset', 'share'), key, fc.nat({ max: 3 }));

  it('are what they would be without sharing', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const plain = new KeyedValues();
        const sharing = new KeyedValues();
        for (const [kind, name, amount] of changes) {
          if (kind === 'share') sharing.adopt(sharing.share());
          else
            for (const values of [plain, sharing]) {
              if (kind === 'set') values.set(name, String(amount));
              else if (kind === 'add') values.add(name, amount);
              else values.unset(name);
            }
          expect(sharing.entries).toEqual(plain.entries);
          for (const one of KEYS) expect(sharing.find(one)).toEqual(plain.find(one));
          const isShort = (one: string): boolean => one.length === 1;
          expect(sharing.select(isShort)).toEqual(plain.select(isShort));
          expect(plain.select(isShort)).toEqual(plain.entries.filter((pair) => isShort(pair.key)));
        }
      }),
      { numRuns: RUNS },
    );
  });
});
