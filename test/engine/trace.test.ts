import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trace, TraceFactory } from '../../src/model/trace.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { debugTrace } from '../../src/waf/debug-log.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

/** Every event as `name(arguments)`, in order. */
function recorder(): { readonly events: string[]; readonly trace: TraceFactory } {
  const events: string[] = [];
  const trace = new Proxy({} as Trace, {
    get:
      (_, name) =>
      (...args: unknown[]) => {
        const shown = args.map((value) =>
          typeof value === 'object' && value !== null && 'ruleId' in value
            ? `rule ${String(value.ruleId)}`
            : typeof value === 'object'
              ? 'match'
              : JSON.stringify(value),
        );
        events.push(`${String(name)}(${shown.join(', ')})`);
      },
  });
  return { events, trace: () => trace };
}

const RULES = `
SecRuleEngine On
SecRequestBodyAccess On
SecRule ARGS "@rx ^(a+)$" "id:1,phase:1,pass,nolog,capture,t:lowercase,setvar:tx.n=+1,chain"
SecRule TX:1 "@streq aa" "t:none,setvar:tx.two=%{MATCHED_VAR_NAME}"
SecAction "id:2,phase:1,pass,nolog,ctl:ruleRemoveById=3,ctl:ruleRemoveTargetById=4;ARGS:b"
SecRule ARGS "@contains a" "id:3,phase:1,deny"
SecRule ARGS "@contains x" "id:4,phase:2,deny,status:404,msg:'%{TX.two}'"
SecAction "id:5,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.seen=+1,setenv:e=1"
`;

describe('a trace', () => {
  it('is told what the machine does, in its order', () => {
    const { events, trace } = recorder();
    const waf = createWaf({ rules: RULES, trace });
    waf.inspect({ method: 'GET', uri: '/?p=AA&q=b', version: 'HTTP/1.1', headers: [] });
    expect(events.slice(0, 23)).toEqual([
      'phaseBegins(1, 4)',
      'linkBegins(rule 1)',
      'transformed(0, "lowercase", "aa")',
      'testing("ARGS:p", "aa")',
      'captured(0, "aa", "rx")',
      'captured(1, "aa", "rx")',
      'tested(true)',
      'effect("setvar")',
      'variableSet("TX", "n", "1")',
      'transformed(0, "lowercase", "b")',
      'testing("ARGS:q", "b")',
      'tested(false)',
      'linkEnds(true, false)',
      'linkBegins(rule 1)',
      'testing("TX:1", "aa")',
      'tested(true)',
      'effect("setvar")',
      'variableSet("TX", "two", "TX:1")',
      'linkEnds(true, true)',
      'ruleMatched(match, "pass")',
      'linkBegins(rule 2)',
      'effect("ctl")',
      'effect("ctl")',
    ]);
    expect(events).toContain('ruleSkipped(rule 3, "removed-by-id")');
    expect(events).toContain('variableSet("IP", "seen", "1")');
    expect(events).toContain('environmentSet("e", "1")');
    expect(events.at(-1)).toBe('phaseEnds(5)');
  });

  it('is asked for once for each transaction, and may be none', () => {
    let asked = 0;
    const waf = createWaf({
      rules: RULES,
      trace: (transaction) => {
        expect(transaction.id).toBe('t');
        asked++;
        return undefined;
      },
    });
    const { verdict } = waf.inspect({
      id: 't',
      method: 'GET',
      uri: '/?p=AA',
      version: 'HTTP/1.1',
      headers: [],
    });
    expect(asked).toBe(1);
    expect(verdict.matches.map(({ rule }) => rule.id)).toContain(1);
  });

  it('changes nothing about the verdict', () => {
    const argument = fc.tuple(fc.constantFrom('p', 'b', 'c'), fc.stringMatching(/^[abxA]{0,4}$/));
    const outcome = (query: string, trace: TraceFactory | undefined): unknown => {
      const waf = createWaf({ rules: RULES, trace, state: memoryStore(), clock: () => 0 });
      const { verdict } = waf.inspect({
        id: 't',
        method: 'GET',
        uri: `/?${query}`,
        version: 'HTTP/1.1',
        headers: [],
      });
      return verdict;
    };
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 4 }), (args) => {
        const query = args.map((pair) => pair.join('=')).join('&');
        const traced = outcome(query, debugTrace(9, { append: () => {} }));
        expect(traced).toEqual(outcome(query, undefined));
      }),
      { numRuns: RUNS },
    );
  });
});
