// Rule sets of stretches that settings of TX may skip, as CRS has one for each paranoia level: what is expected of
// the settings, when they hold and when a request changes them, shows in no verdict.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import { compileProgram } from '../../src/program/compile.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import { comparable } from '../support/paired-transaction.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const oneOf = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const key = oneOf('level', 'level', 'level', 'mode', 'Level', 'none', 'x');
const number = oneOf('0', '1', '2', '3');

/** Says, mostly before all others, how the set is set up. */
const setting = fc.oneof(
  fc.tuple(key, number).map(([name, value]) => `SecAction "#setvar:tx.${name}=${value}"`),
  oneOf(
    'SecAction "#setvar:tx.level=%{tx.mode}"',
    'SecAction "#setvar:tx.level=+1"',
    'SecAction "#setvar:tx.mode"',
    'SecRule &TX:level "@eq 0" "#setvar:tx.level=2"',
    'SecRule &TX:mode "@eq 0" "#setvar:tx.mode=%{TX.LEVEL},setvar:tx.seen=1"',
    'SecRule TX:mode "@eq 2" "#chain"\n  SecRule TX:level "@lt 3" "setvar:tx.level=3"',
  ),
);

/** Changes for some requests what the others were set up with. */
const change = oneOf(
  'SecRule ARGS:a "@rx ^(.)" "#capture,setvar:tx.level=%{TX.1}"',
  'SecRule ARGS:b "@rx (\\d)" "#capture,setvar:tx.%{ARGS.k}=%{TX.1}"',
  'SecRule ARGS_NAMES "@streq up" "#setvar:tx.level=+1"',
  'SecRule REQUEST_COOKIES:c "@eq 1" "#setvar:!tx.level"',
  'SecRule ARGS:a "@streq 3" "#ctl:ruleRemoveById=1-6"',
  'SecRule ARGS:a "@streq 2" "#ctl:ruleRemoveTargetById=3-20;TX:level"',
  'SecRule ARGS:a "@streq 2" "#ctl:ruleRemoveTargetById=3-20;ARGS:b"',
  'SecRule ARGS:b "@streq 2" "#skip:2"',
);

const question = fc
  .tuple(
    oneOf('TX:level', 'TX:level', 'TX:LEVEL', '&TX:level', 'TX:mode', 'TX:level|TX:mode'),
    oneOf('@lt 1', '@lt 2', '@lt 3', '@ge 2', '!@eq 2', '@eq %{tx.mode}', '!@rx ^[23]'),
    oneOf(
      ...['skipAfter:END', 'skipAfter:END', 'skipAfter:MIDDLE', 'skip:1', 'setvar:tx.n=+1'],
      ...['capture,skipAfter:END', 'setvar:tx.n=%{TX.0}', 't:lowercase,skipAfter:END'],
    ),
  )
  .map(([target, test, action]) => `SecRule ${target} "${test}" "#${action}"`);

const look = fc
  .tuple(
    oneOf(
      ...['TX:0', 'ARGS', 'ARGS|!ARGS:a', 'ARGS|!ARGS:/^[bk]$/|REQUEST_COOKIES', 'ARGS|TX:level'],
      ...['REQUEST_COOKIES|!REQUEST_COOKIES:c', 'REQUEST_COOKIES|!REQUEST_COOKIES:/_/|ARGS_NAMES'],
      ...['REQUEST_HEADERS|!REQUEST_HEADERS:Host', 'REQUEST_HEADERS:x|ARGS|ARGS|!ARGS:b'],
    ),
    oneOf('@contains evil', '@rx e.il', '@pm evil 3', '@rx [0-9]', '!@contains evil', '@eq 2'),
    oneOf('', 't:lowercase,', 't:lowercase,t:removeWhitespace,', 'multiMatch,t:lowercase,'),
    oneOf('', '', '', 'setvar:tx.level=1,', 'deny,', 'capture,setvar:tx.n=+1,'),
  )
  .map(([target, test, steps, actions]) => `SecRule ${target} "${test}" "#${steps}${actions}log"`);

const rules = fc
  .tuple(
    fc.array(setting, { maxLength: 3 }),
    fc.array(
      fc.oneof(
        { weight: 5, arbitrary: look },
        { weight: 4, arbitrary: question },
        { weight: 1, arbitrary: change },
        { weight: 1, arbitrary: setting },
        { weight: 1, arbitrary: oneOf('SecMarker MIDDLE') },
      ),
      { minLength: 3, maxLength: 14 },
    ),
    fc.infiniteStream(oneOf('1', '2', '2', '2')),
  )
  .map(([settings, more, phases]) => {
    let id = 0;
    const numbered = [...settings, ...more].map((rule, at) => {
      const phase = at < settings.length ? '1' : (phases.next().value as string);
      return rule.replace('#', () => `id:${++id},phase:${phase},`);
    });
    return ['SecRuleEngine On', ...numbered, 'SecMarker MIDDLE', 'SecMarker END', ''].join('\n');
  });

const value = oneOf('', '0', '1', '2', '3', 'evil', 'E VIL', '2 evil');
const request = fc
  .tuple(
    fc.array(fc.tuple(oneOf('a', 'b', 'k', 'up', 'evil'), value), { maxLength: 4 }),
    fc.array(fc.tuple(oneOf('c', '_a', 'd'), value), { maxLength: 2 }),
    value,
  )
  .map(([args, cookies, header]): ExchangeRecord => {
    const query = args.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join('&');
    const cookie = cookies.map(([name, text]) => `${name}=${text}`).join('; ');
    return {
      id: 'a',
      timeMs: 0,
      method: 'GET',
      uri: `/?${query}&k=level`,
      version: 'HTTP/1.1',
      headers: [
        ['Host', 'a.test'],
        ['Cookie', cookie],
        ['X', header],
      ],
    };
  });

describe('stretches of rules that settings may skip', () => {
  it('are judged as the reference judges them', { timeout: 60_000 + RUNS * 200 }, () => {
    let quiet = 0;
    let matches = 0;
    const sample = fc.array(request, { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(rules, sample, (source, records) => {
        const ruleset = loadRuleset(source);
        const machine = createWaf({ rules: ruleset });
        const { filters } = compileProgram(ruleset);
        if (filters[2]?.places.quiet !== undefined) quiet++;
        for (const record of records) {
          const reference = createWaf({ rules: ruleset, reference: true });
          const { verdict } = machine.inspect(record);
          matches += verdict.matches.length;
          const expected = comparable(reference.inspect(record).verdict);
          expect(`${comparable(verdict)}\n${source}`).toBe(`${expected}\n${source}`);
        }
      }),
      { numRuns: RUNS },
    );
    expect(quiet / RUNS).toBeGreaterThan(0.1);
    expect(matches / RUNS).toBeGreaterThan(5);
  });
});
