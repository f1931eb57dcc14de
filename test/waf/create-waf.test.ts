import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { OperatorDefinition } from '../../src/model/operator.ts';
import { memoryStore } from '../../src/state/memory.ts';
import type { AsyncStore } from '../../src/state/store.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { checkRuleset, loadRuleset } from '../../src/waf/load.ts';
import { RulesetError } from '../../src/waf/ruleset-error.ts';
import { remoteStoreOf } from '../support/remote-store.ts';

const get = (uri: string): ExchangeRecord => ({ method: 'GET', uri, headers: [['Host', 'a']] });

const COUNTING = `SecRuleEngine On
SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.hits=+1"
SecRule IP:hits "@ge 3" "id:2,phase:1,deny,status:429,log"`;

describe('createWaf', () => {
  it('decides on a whole exchange', () => {
    const waf = createWaf({
      rules: 'SecRuleEngine On\nSecRule ARGS "@detectSQLi" "id:1,phase:2,deny,status:403"',
    });
    expect(waf.inspect(get("/?q=1'+or+'1'='1")).decision).toMatchObject({
      effect: 'block',
      row: 'signature-block',
      status: 403,
    });
    expect(waf.inspect(get('/?q=hello')).decision).toMatchObject({
      effect: 'allow',
      row: 'fallback',
    });
  });

  it('carries the rows it looked at', () => {
    const { decision } = createWaf({ rules: 'SecRuleEngine On' }).inspect(get('/'));
    expect(decision.trace.map(({ row, applies }) => [row, applies])).toEqual([
      ['engine-error', false],
      ['signature-block', false],
      ['fallback', true],
    ]);
  });

  it('throws all errors of its rules', () => {
    try {
      createWaf({ rules: 'SecRule ARGS "@nope"  "id:1"\nSecRul x' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RulesetError);
      expect((error as RulesetError).diagnostics.map(({ code }) => code)).toEqual([
        'unknown-operator',
        'unknown-directive',
      ]);
    }
  });

  it('lets running exchanges keep the rules they began with', () => {
    const waf = createWaf({ rules: 'SecRuleEngine On\nSecAction "id:1,phase:5,pass"' });
    const old = waf.transaction();
    old.requestHead({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] });
    waf.reload('SecRuleEngine On\nSecAction "id:2,phase:5,pass"');
    const young = waf.transaction();
    young.requestHead({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] });
    expect(old.finish().matches.map((match) => match.rule.id)).toEqual([1]);
    expect(young.finish().matches.map((match) => match.rule.id)).toEqual([2]);
  });

  it('keeps its rules when a reload fails', () => {
    const waf = createWaf({ rules: 'SecRuleEngine On\nSecAction "id:1,phase:1,deny"' });
    expect(() => waf.reload('SecRul x')).toThrow(RulesetError);
    expect(waf.inspect(get('/')).decision.effect).toBe('block');
  });

  it('takes an operator of the embedder, and refuses a name that is taken', () => {
    const even: OperatorDefinition = {
      name: 'evenLength',
      summary: 'the value has an even length',
      argument: 'none',
      macros: false,
      compile: () => ({ evaluate: (value) => value.length % 2 === 0 }),
    };
    const rules = 'SecRuleEngine On\nSecRule ARGS:a "@evenLength" "id:1,phase:2,deny"';
    const ruleset = loadRuleset(rules, { extension: { operators: [even] } });
    const waf = createWaf({ rules: ruleset });
    expect(waf.inspect(get('/?a=xx')).decision.effect).toBe('block');
    expect(waf.inspect(get('/?a=xxx')).decision.effect).toBe('allow');
    const taken = { ...even, name: 'RX' };
    expect(() => loadRuleset(rules, { extension: { operators: [taken] } })).toThrow(TypeError);
  });

  it('counts over exchanges, at once or over a store elsewhere', async () => {
    const here = createWaf({ rules: COUNTING });
    const there = createWaf({ rules: COUNTING, state: remoteStoreOf(memoryStore()) });
    for (const effect of ['allow', 'allow', 'block', 'block']) {
      expect(here.inspect(get('/')).decision.effect).toBe(effect);
      expect((await there.inspect(get('/'))).decision.effect).toBe(effect);
    }
  });

  it('blocks visibly when the store is down', async () => {
    const down: AsyncStore = {
      mode: 'async',
      load: () => Promise.reject(new Error('connection refused')),
      apply: () => Promise.reject(new Error('connection refused')),
      run: () => Promise.reject(new Error('connection refused')),
      close: () => Promise.resolve(),
    };
    const { decision, verdict } = await createWaf({ rules: COUNTING, state: down }).inspect(
      get('/'),
    );
    expect(decision).toMatchObject({ effect: 'block', row: 'engine-error' });
    expect(verdict.errors[0]?.code).toBe('store-unavailable');
  });

  it('gives the same verdict through both drivers, whatever the request', async () => {
    const rules = `${COUNTING}
SecRequestBodyAccess On
SecRule ARGS|REQUEST_HEADERS|REQUEST_URI "@rx [aeiou]{2}" "id:10,phase:2,pass,log,capture,setvar:tx.n=+1,logdata:'%{TX.0}'"
SecRule TX:n "@gt 1" "id:11,phase:2,deny,chain"
SecRule ARGS "@contains e" "t:lowercase"`;
    const text = fc.string({ unit: 'binary-ascii', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.array(fc.tuple(text, text), { maxLength: 4 }),
        async (a, b, h) => {
          const record: ExchangeRecord = {
            id: 'x',
            timeMs: 1_790_000_000_000,
            method: 'POST',
            uri: `/?${a}`,
            headers: [['Content-Type', 'application/x-www-form-urlencoded'], ...h],
            body: b,
          };
          const sync = createWaf({ rules }).inspect(record);
          const async = await createWaf({ rules, state: remoteStoreOf(memoryStore()) }).inspect(
            record,
          );
          const reference = createWaf({ rules, reference: true }).inspect(record);
          expect(async).toEqual(sync);
          expect(reference).toEqual(sync);
        },
      ),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
    );
  });
});

describe('checkRuleset', () => {
  it('returns diagnostics and what could be understood', () => {
    const { ruleset, diagnostics } = checkRuleset(
      'SecRuleEngine On\nSecRule ARGS "@nope" "id:1"\nSecRule ARGS "@rx a" "id:2,pass"',
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-operator']);
    expect(ruleset.rules.map((rule) => rule.facts.id)).toEqual([2]);
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        checkRuleset(Buffer.from(text, 'utf8').toString('latin1'));
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
    );
  });
});
