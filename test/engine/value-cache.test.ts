import { describe, expect, it } from 'vitest';
import { ValueCache } from '../../src/engine/value-cache.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import { createWaf } from '../../src/waf/create-waf.ts';

const RULES = `SecRuleEngine On
SecRequestBodyAccess On
SecRule REQUEST_HEADERS|REQUEST_COOKIES|REQUEST_COOKIES_NAMES|ARGS_NAMES|ARGS "@rx attack\\d" "id:1,phase:2,deny,t:none,t:urlDecode"`;

function request(headers: ExchangeRecord['headers'], uri = '/'): ExchangeRecord {
  return { id: 'a', timeMs: 0, method: 'GET', uri, version: 'HTTP/1.1', headers };
}

describe('the cache of values', () => {
  it('gives the same value for the same text, and counts', () => {
    const cache = new ValueCache(1 << 20);
    cache.of('text/html');
    expect(cache.of('text/html')).toBe(cache.of('text/html'));
    expect(cache.report).toMatchObject({ hits: 1, misses: 2 });
  });

  it('keeps nothing that is asked for once', () => {
    const cache = new ValueCache(1 << 20);
    for (let n = 0; n < 10_000; n++) expect(cache.of(`agent-${n}`)).toBeUndefined();
    expect(cache.report).toEqual({ hits: 0, misses: 10_000, bytes: 0 });
  });

  it('keeps no more bytes than it is given', () => {
    const cache = new ValueCache(100_000);
    for (let n = 0; n < 10_000; n++) {
      cache.of(`name-${n}`);
      cache.of(`name-${n}`);
      expect(cache.report.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(cache.report.bytes).toBeGreaterThan(40_000);
  });

  it('keeps what is asked for while others come and go', () => {
    const cache = new ValueCache(100_000);
    cache.of('Host');
    const host = cache.of('Host');
    for (let n = 0; n < 10_000; n++) {
      cache.of(`name-${n}`);
      cache.of(`name-${n}`);
      expect(cache.of('Host')).toBe(host);
    }
  });

  it('takes no long value', () => {
    expect(new ValueCache(1 << 20).of('x'.repeat(10_000))).toBeUndefined();
  });
});

describe('a waf', () => {
  it('decides the same with a value that it has seen before', () => {
    const waf = createWaf({ rules: RULES });
    for (const [value, blocks] of [
      ['plain', false],
      ['%61ttack1', true],
      ['plain', false],
      ['%61ttack1', true],
      ['plain', false],
      ['%61ttack1', true],
    ] as const) {
      const { verdict } = waf.inspect(request([['X-A', value]]));
      expect(verdict.interruption !== null).toBe(blocks);
    }
    expect(waf.cache?.hits).toBeGreaterThan(0);
  });

  it('keeps nothing of cookies, credentials and values of arguments', () => {
    const waf = createWaf({ rules: RULES });
    waf.inspect(
      request(
        [
          ['Cookie', '1=secret'],
          ['Authorization', 'Basic c2VjcmV0'],
        ],
        '/?2=secret',
      ),
    );
    // The names 1 and 2, once each.
    expect(waf.cache).toMatchObject({ hits: 0, misses: 2 });
  });

  it('keeps nothing when it is told so, and forgets at a reload', () => {
    expect(createWaf({ rules: RULES, cache: false }).cache).toBeUndefined();
    const waf = createWaf({ rules: RULES });
    waf.inspect(request([['X-A', 'b']]));
    waf.reload(RULES);
    expect(waf.cache).toEqual({ hits: 0, misses: 0, bytes: 0 });
  });
});
