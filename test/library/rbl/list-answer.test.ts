import { describe, expect, it } from 'vitest';
import { listAnswer } from '../../../src/library/rbl/list-answer.ts';

const meaning = (zone: string, ...addresses: readonly string[]): string | undefined => {
  const answer = listAnswer(zone, addresses);
  return answer.kind === 'listed' ? (answer.meaning ?? 'listed') : answer.kind;
};

describe('the entry of a block list', () => {
  it.each([
    ['list.test', '127.0.0.2', 'listed'],
    ['sbl-xbl.spamhaus.org', '127.0.0.2', 'Static UBE sources'],
    ['zen.spamhaus.org', '127.0.0.4', 'Illegal 3rd party exploits'],
    ['zen.spamhaus.org', '127.0.0.11', 'Delivering unauthenticated SMTP email'],
    ['zen.spamhaus.org', '127.0.0.99', 'listed'],
    ['multi.uribl.com', '127.0.0.2', 'BLACK'],
    ['multi.uribl.com', '127.0.0.14', 'BLACK,GREY,RED'],
    [
      'dnsbl.httpbl.org',
      '127.9.80.5',
      'Suspicious comment spammer IP: 9 days since last activity, threat score 80',
    ],
    ['dnsbl.httpbl.org', '127.0.5.0', 'Search Engine: 0 days since last activity, threat score 0'],
    ['notspamhaus.org', '127.0.0.2', 'listed'],
  ])('of %s for %s means %s', (zone, address, expected) => {
    expect(meaning(zone, address)).toBe(expected);
  });

  it.each([
    ['zen.spamhaus.org', '127.255.255.254'],
    ['multi.uribl.com', '127.0.0.1'],
    ['multi.uribl.com', '127.0.0.255'],
  ])('of %s for %s means that it did not answer', (zone, address) => {
    expect(meaning(zone, address)).toBe('refused');
  });

  it.each([[[]], [['203.0.113.7']], [['0.0.0.0', '10.0.0.2']]])(
    'is none when its addresses are %j: only those in 127.0.0.0/8 are',
    (addresses) => {
      expect(meaning('list.test', ...addresses)).toBe('absent');
    },
  );

  it('is found among other addresses', () => {
    expect(meaning('list.test', '203.0.113.7', '127.0.0.3')).toBe('listed');
  });
});
