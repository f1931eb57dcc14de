// Every operator in a rule: what it matches, what it does not, and what it captures.

import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import { filesOf, type Judged, judge } from '../support/matched-rules.ts';
import { IS_BUILT, retried } from './built.ts';
import { rulesOn, withArgument } from './requests.ts';
import { OPERATOR_ROWS, type OperatorRow, SILENT_OPERATORS } from './tables/operators.data.ts';

function judgeRow(row: OperatorRow, value: string | Partial<ExchangeRecord>): Judged {
  const { name, argument, target = 'ARGS:v', before = '', files = {}, captured } = row;
  const operator = (spelling: string): string => `@${spelling} ${argument}`.trimEnd();
  const rules = rulesOn(`${before}
SecRule ${target} "${operator(name)}" "id:1,phase:2,pass,capture"
SecRule TX:0 "@streq ${captured ?? ''}" "id:2,phase:2,pass"
SecRule ${target} "!${operator(name.toUpperCase())}" "id:3,phase:2,pass"`);
  const judged = judge(
    rules,
    typeof value === 'string' ? withArgument(value) : value,
    filesOf(files),
  );
  // The rule that only prepares the others.
  return { ...judged, matched: judged.matched.filter((id) => id !== 9) };
}

describe('operators', () => {
  for (const row of OPERATOR_ROWS) {
    const { name, match, other, fact, captured, code = 'no-effect' } = row;
    it.skipIf(row.needsBuild === true && !IS_BUILT)(
      `@${name} ${fact}`,
      retried(row.needsBuild),
      () => {
        const codes = match === undefined && !SILENT_OPERATORS.includes(name) ? [code, code] : [];
        if (match !== undefined) {
          const matched = captured === undefined ? [1] : [1, 2];
          expect(judgeRow(row, match)).toEqual({ matched, codes, errors: [] });
        }
        const hasTarget = typeof other === 'string' || other.body !== undefined;
        const matched = hasTarget ? [3] : [];
        expect(judgeRow(row, other)).toEqual({ matched, codes, errors: [] });
      },
    );
  }

  it('load by known names only', () => {
    const rules = rulesOn('SecRule ARGS "@resembles a" "id:1,phase:1,pass"');
    expect(judge(rules).codes).toEqual(['unknown-operator']);
  });
});
