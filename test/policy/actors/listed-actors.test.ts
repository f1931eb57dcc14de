import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../../src/base/bytes.ts';
import { memoryStore } from '../../../src/state/memory.ts';
import { policyUnderTest } from '../support.ts';

const DAY = 86_400_000;
const HERE = '203.0.113.7';
const ELSEWHERE = '203.0.113.8';
const KEY = new Uint8Array(32);

describe('a user that the document blocks', () => {
  const document = { block: { actors: ['eve'] } };

  it('is blocked with every address it uses', () => {
    const { ask } = policyUnderTest(document);
    const row = (address: string, user?: string): string =>
      ask({ address, ...(user !== undefined && { user }) }).row;
    expect(row(HERE)).toBe('fallback');
    expect(row(HERE, 'eve')).toBe('actor-block');
    expect(row(HERE)).toBe('actor-block');
    expect(row(HERE, 'bob')).toBe('actor-block');
    expect(row(ELSEWHERE)).toBe('fallback');
    expect(row(ELSEWHERE, 'bob')).toBe('fallback');
    expect(row(ELSEWHERE, 'eve')).toBe('actor-block');
    expect(row(ELSEWHERE)).toBe('actor-block');
  });

  it('gives an address free a day after its last use', () => {
    const { ask } = policyUnderTest(document);
    ask({ user: 'eve' });
    expect(ask({ at: DAY - 1 }).row).toBe('actor-block');
    expect(ask({ at: DAY }).row).toBe('fallback');
  });

  it('leaves internal addresses alone', () => {
    const { ask } = policyUnderTest(document);
    const address = '10.0.0.1';
    expect(ask({ address, user: 'eve' }).row).toBe('fallback');
    const answer = ask({ address });
    expect(answer.row).toBe('fallback');
    expect(answer.reason('actor-block')).toMatch(/internal/);
  });

  it('takes no address along on a mere claim', () => {
    const { ask } = policyUnderTest({
      ...document,
      attribution: [{ from: 'header', name: 'X-User' }],
    });
    expect(ask({ user: 'eve' }).row).toBe('actor-block');
    expect(ask().row).toBe('fallback');
  });

  it('gives its addresses free when it leaves the list', () => {
    const state = memoryStore();
    const options = { state, processKey: KEY };
    policyUnderTest(document, options).ask({ user: 'eve' });
    expect(policyUnderTest(document, options).ask().row).toBe('actor-block');
    const changed = { block: { actors: ['mallory'] } };
    expect(policyUnderTest(changed, options).ask().row).toBe('fallback');
    expect(policyUnderTest({}, options).ask().row).toBe('fallback');
  });

  it('may have a name outside ASCII', () => {
    const { ask } = policyUnderTest({ block: { actors: ['Jürgen'] } });
    expect(ask({ user: utf8ByteString('Jürgen') }).row).toBe('actor-block');
    expect(ask().row).toBe('actor-block');
  });
});

describe('a user that the document allows', () => {
  it('is allowed with every address it uses', () => {
    const { ask } = policyUnderTest({
      allow: { actors: ['ann'] },
      sources: [{ name: 'closed', action: 'block', addresses: '203.0.113.0/24' }],
    });
    expect(ask({ address: HERE }).row).toBe('ip-block');
    expect(ask({ address: HERE, user: 'ann' }).row).toBe('actor-allow');
    expect(ask({ address: HERE })).toMatchObject({ row: 'actor-allow', rule: 'allow.actors' });
    expect(ask({ address: ELSEWHERE }).row).toBe('ip-block');
  });

  it('wins over one that is blocked at the same address', () => {
    const { ask } = policyUnderTest({ allow: { actors: ['ann'] }, block: { actors: ['eve'] } });
    expect(ask({ user: 'eve' }).row).toBe('actor-block');
    expect(ask({ user: 'bob' }).row).toBe('actor-block');
    expect(ask({ user: 'ann' }).row).toBe('actor-allow');
    expect(ask({ user: 'bob' }).row).toBe('actor-allow');
  });
});
