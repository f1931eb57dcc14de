// Requests with CRS on which other engines err. Firm cases have one right answer; judgement cases are our choice.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseExchangeRecord } from '../../src/adapters/exchange-record.ts';
import { createWaf, type Waf } from '../../src/waf/create-waf.ts';
import { crsPath, loadCrs } from '../support/crs.ts';
import { describeShared } from '../support/shared.ts';

interface Case {
  readonly id: string;
  readonly paranoia: number;
  readonly confidence: 'firm' | 'judgement';
  readonly exchange: object;
  readonly expected_present: readonly number[];
  readonly expected_absent: readonly number[];
}

/** Judged otherwise, with the reason. */
const OVERRULED: Readonly<Record<string, string>> = {
  't5-ltrun': '&ltscript is left alone: v2 reads the whole run as a name, as measured cases expect',
};

const CASES = readFileSync(new URL('./crs-edge.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case);

describeShared('CRS edge cases', crsPath('rules'), () => {
  const wafs = new Map<number, Waf<'sync'>>();
  const wafAt = (paranoia: number): Waf<'sync'> => {
    let waf = wafs.get(paranoia);
    if (waf === undefined) {
      waf = createWaf({ rules: loadCrs(crsPath(), { paranoia, engine: 'DetectionOnly' }) });
      wafs.set(paranoia, waf);
    }
    return waf;
  };

  for (const { id, paranoia, confidence, exchange, ...expected } of CASES) {
    const reason = OVERRULED[id];
    if (reason !== undefined) expect(confidence).toBe('judgement');
    it(`${id} (${confidence})${reason === undefined ? '' : ` is overruled: ${reason}`}`, () => {
      const { verdict } = wafAt(paranoia).inspect(parseExchangeRecord(JSON.stringify(exchange)));
      const logged = new Set(
        verdict.matches.filter((match) => match.logged).map((match) => match.rule.id),
      );
      const missing = expected.expected_present.filter((rule) => !logged.has(rule));
      const extra = expected.expected_absent.filter((rule) => logged.has(rule));
      if (reason === undefined) expect({ missing, extra }).toEqual({ missing: [], extra: [] });
      else expect(missing.length + extra.length).toBeGreaterThan(0);
      expect(verdict.errors).toEqual([]);
    });
  }
});
