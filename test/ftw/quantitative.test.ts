import { describe, expect, it } from 'vitest';
import { corpusLines, parsePlacement, runQuantitative } from '../../src/ftw/quantitative.ts';
import { fakeTransaction, ruleMatch, type SeenExchange } from './fake-transaction.ts';

const tagged = (id: number, level: number) => ruleMatch(id, { tags: [`paranoia-level/${level}`] });

describe('corpusLines', () => {
  it('takes off the numbers of a Leipzig corpus and drops empty lines', () => {
    expect(corpusLines('1\tA b.\r\n\n2\tC\n  \nplain 3\tx\n')).toEqual(['A b.', 'C', 'plain 3\tx']);
  });
});

describe('runQuantitative', () => {
  it('counts each rule once a line, by rule and by paranoia level', () => {
    const result = runQuantitative(['a hit', 'nothing', 'hit and hit'], {
      begin: () =>
        fakeTransaction({
          matches: (seen) =>
            seen.head.uri.includes('hit')
              ? [tagged(942100, 1), tagged(942100, 1), tagged(920272, 3), ruleMatch(949110)]
              : [],
        }),
    });
    expect(result).toMatchObject({
      count: 3,
      falsePositives: 4,
      linesWithFalsePositives: 2,
      falsePositivesPerRule: {
        942100: { paranoiaLevel: 1, falsePositives: 2 },
        920272: { paranoiaLevel: 3, falsePositives: 2 },
      },
      falsePositivesPerParanoiaLevel: { 1: 2, 3: 2 },
    });
  });

  it('counts only chosen rules, on the first lines', () => {
    const result = runQuantitative(['a', 'b', 'c'], {
      begin: () => fakeTransaction({ matches: () => [tagged(1, 1), tagged(2, 2)] }),
      ruleIds: [2],
      maxLines: 2,
    });
    expect(result).toMatchObject({ count: 2, falsePositives: 2 });
  });

  it('puts the line where it is told', () => {
    const place = (text: string): SeenExchange => {
      let seen: SeenExchange | undefined;
      runQuantitative(['a é&'], {
        begin: () => fakeTransaction({ onFinish: (exchange) => (seen = exchange) }),
        placement: parsePlacement(text)!,
      });
      return seen!;
    };
    expect(place('args').head.uri).toBe('/get?uri_payload=a+%C3%A9%26');
    expect(place('path').head.uri).toBe('/get/a%20%C3%A9%26');
    expect(place('body')).toMatchObject({ head: { method: 'POST' }, body: 'payload=a+%C3%A9%26' });
    const { headers } = place('header:user-agent').head;
    expect(headers.filter(([name]) => name.toLowerCase() === 'user-agent')).toEqual([
      ['user-agent', 'a \xc3\xa9&'],
    ]);
  });
});

describe('parsePlacement', () => {
  it('refuses what it does not know', () => {
    expect(parsePlacement('query')).toBe(undefined);
    expect(parsePlacement('header:')).toBe(undefined);
    expect(parsePlacement('header:a b')).toBe(undefined);
  });
});
