// Every variable in a rule: what its target holds, and where there is none.

import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { filesOf, type Judged, judge } from '../support/matched-rules.ts';
import { GEO_FILE } from './geo-file.ts';
import { rulesOn } from './requests.ts';
import { UNKNOWN_VARIABLES, VARIABLE_ROWS, type VariableRow } from './tables/variables.data.ts';

const files = filesOf({ 'geo.mmdb': GEO_FILE });

/** Whether there was a target, and whether its last element held what is looked for. */
interface Found {
  readonly target: boolean;
  readonly value: boolean;
  readonly errors: Judged['errors'];
}

const NOTHING: Found = { target: false, value: false, errors: [] };
const VALUE: Found = { target: true, value: true, errors: [] };

function look(row: VariableRow, value: string | null, exchange: Partial<ExchangeRecord>): Found {
  const { name, target = name, phase = 2, before = '' } = row;
  const operator = row.operator ?? (value ? `@streq ${value}` : '@rx ^$');
  const taken =
    row.rule ??
    `SecRule ${target} "@unconditionalMatch" "id:1,phase:${phase},pass,nolog,setvar:'tx.seen=%{MATCHED_VAR}'"`;
  const rules = rulesOn(`${before}
${taken}
SecRule TX:seen "${operator}" "id:2,phase:${phase},pass,t:none"`);
  const { matched, errors } = judge(rules, exchange, files);
  return { target: matched.includes(1), value: matched.includes(2), errors };
}

describe('variables', () => {
  for (const row of VARIABLE_ROWS) {
    const { name, target = name, value, exchange, fact, operator, plain } = row;
    const isFound = value !== null || operator !== undefined;
    it(`${target} ${fact}`, () => {
      expect(look(row, value, exchange)).toEqual(isFound ? VALUE : NOTHING);
      if (value !== null && value !== '')
        expect(look(row, `${value}?`, exchange).value).toBe(operator !== undefined);
    });

    if (plain === undefined) continue;
    it(`${target} of a bare request is ${plain === null ? 'no target' : JSON.stringify(plain)}`, () => {
      expect(look(row, plain, {})).toEqual(plain === null ? NOTHING : VALUE);
    });
  }

  it('DURATION counts the microseconds of the transaction', () => {
    let now = 1_700_000_000_000;
    const rules = 'SecRuleEngine On\nSecRule DURATION "@eq 5000" "id:1,phase:2,pass"';
    const transaction = createWaf({ rules, clock: () => now }).transaction();
    transaction.requestHead({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] });
    now += 5;
    transaction.endRequest();
    expect(transaction.finish().matches).toHaveLength(1);
  });

  it('are found by their names in any case', () => {
    expect(
      judge(rulesOn('SecRule Request_method "@streq GET" "id:1,phase:1,pass"')).matched,
    ).toEqual([1]);
  });

  it.each(UNKNOWN_VARIABLES)('%s is not among them', (name) => {
    expect(judge(rulesOn(`SecRule ${name} "@rx a" "id:1,phase:2,pass"`)).codes).toEqual([
      'unknown-variable',
    ]);
  });
});
