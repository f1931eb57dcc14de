import { describe, expect, it } from 'vitest';
import type { Header } from '../../src/model/exchange.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { definePolicy } from '../../src/waf/policy.ts';
import { policyUnderTest } from './support.ts';

const CARD = '4111 1111 1111 1111';
const rule = (action: string, more: object = {}) => ({
  dataLossPrevention: [{ name: 'cards', kind: 'request', action, data: 'payment-card', ...more }],
});
const answer = (headers: readonly Header[], body: string, status = 200) => ({
  response: { status, headers, body },
});
const type = (value: string): Header => ['Content-Type', value];
const LONG = 'x'.repeat((1 << 20) + 10);

describe('data loss prevention in responses', () => {
  it.each([
    ['text/plain'],
    ['text/markdown'],
    ['application/ld+json; charset=utf-8'],
    ['application/octet-stream'],
    ['application/pdf'],
    ['image/svg+xml'],
    ['nonsense'],
    [''],
  ])('looks into a body of the type "%s"', (given) => {
    const { ask } = policyUnderTest(rule('block'));
    const headers = given === '' ? [] : [type(given)];
    expect(ask(answer(headers, `card ${CARD} `)).rule).toBe('cards');
    expect(ask(answer(headers, 'hello')).effect).toBe('allow');
  });

  it.each(['image/png', 'video/mp4', 'font/woff2', 'audio/ogg'])(
    'leaves %s as it is, in whatever form it comes',
    (given) => {
      for (const action of ['block', 'redact']) {
        const { ask } = policyUnderTest(rule(action));
        expect(ask(answer([type(given)], `card ${CARD} `)).effect).toBe('allow');
        const part = answer([type(given), ['Content-Encoding', 'br']], LONG, 206);
        expect(ask(part).effect).toBe('allow');
      }
      const waf = createWaf({ rules: '', policy: definePolicy(rule('redact')) });
      const exchange = waf.exchange();
      exchange.requestHead({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] });
      exchange.endRequest();
      exchange.responseHead({ status: 200, headers: [type(given)] });
      expect(exchange.redaction).toBeUndefined();
    },
  );

  it('does not believe a second type', () => {
    const { ask } = policyUnderTest(rule('block'));
    const headers = [type('text/plain'), type('image/png')];
    expect(ask(answer(headers, `card ${CARD} `)).effect).toBe('block');
  });

  it.each([
    ['is compressed', [['Content-Encoding', 'gzip']] as const, '\x1f\x8b\x08', 200],
    ['is compressed twice', [['Content-Encoding', 'identity, br']] as const, 'x', 200],
    ['is a part of something longer', [] as const, '4111 1111', 206],
    ['is longer than is looked at', [] as const, LONG, 200],
    ['never ends', [['Content-Type', 'text/event-stream']] as const, 'data: x', 200],
    ['has two bytes a letter', [type('text/plain; charset="UTF-16"')], '4\x001\x00', 200],
    ['has two bytes a letter, and says so in front', [], '\xff\xfe4\x001\x00', 200],
  ])('does not pass a body that %s', (what, headers, body, status) => {
    const json = headers.some(([name]) => name === 'Content-Type') ? [] : [type('text/plain')];
    const blocked = policyUnderTest(rule('block')).ask(answer([...json, ...headers], body, status));
    expect(blocked).toMatchObject({ effect: 'block', rule: 'cards' });
    const watched = policyUnderTest(rule('monitor')).ask(
      answer([...json, ...headers], body, status),
    );
    expect(watched.effect).toBe('allow');
    expect(watched.events).toMatchObject([{ rule: 'cards', action: 'monitor' }]);
    // Length and streams are no hindrance to replacing values on the way; a mark in front is seen too late.
    const passes =
      ['is longer than is looked at', 'never ends'].includes(what) || body[0] === '\xff';
    const redacted = policyUnderTest(rule('redact')).ask(
      answer([...json, ...headers], body, status),
    );
    expect(redacted.effect).toBe(passes ? 'allow' : 'block');
  });

  it('says in the record of the exchange what a rule could not see', () => {
    const policy = definePolicy(rule('redact'));
    const waf = createWaf({ rules: '', policy });
    const { verdict, decision } = waf.inspect({
      method: 'GET',
      uri: '/',
      headers: [],
      client: { address: '203.0.113.7', port: 1 },
      response: { status: 200, headers: [['Content-Encoding', 'gzip']], body: 'x' },
    });
    expect(decision.row).toBe('engine-error');
    expect(verdict.errors).toMatchObject([{ code: 'response-body-encoded' }]);
    expect(decision.trace.at(-1)?.reason).toMatch(/"cards" .*response-body-encoded/);
  });

  it('has nothing to say of answers without a body', () => {
    for (const action of ['block', 'redact']) {
      const { ask } = policyUnderTest(rule(action));
      const gzip = [type('text/plain'), ['Content-Encoding', 'gzip']] as const;
      expect(ask({ method: 'HEAD', ...answer(gzip, '') }).effect).toBe('allow');
      for (const status of [204, 304]) expect(ask(answer(gzip, '', status)).effect).toBe('allow');
      const empty = [...gzip, ['Content-Length', '0']] as const;
      expect(ask(answer(empty, '')).effect).toBe('allow');
    }
  });

  it('is told when the rest of a body passes unseen', () => {
    const waf = createWaf({ rules: '', policy: definePolicy(rule('block')) });
    const ends = (isCut: boolean): string => {
      const exchange = waf.exchange().connection({ client: { address: '203.0.113.7', port: 1 } });
      exchange.requestHead({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] });
      exchange.endRequest();
      exchange.responseHead({ status: 200, headers: [type('text/plain')] });
      exchange.responseBody('begins');
      return exchange.endResponse({ isCut }).effect;
    };
    expect([ends(false), ends(true)]).toEqual(['allow', 'block']);
  });
});

describe('a signature over the response body', () => {
  it('does not pass what it could not read', () => {
    const { ask } = policyUnderTest({
      signatures: [
        {
          name: 'trace',
          action: 'block',
          payload: { part: 'response.body', operator: 'contains', value: 'Traceback' },
        },
      ],
    });
    expect(ask(answer([type('text/html')], 'Traceback')).rule).toBe('trace');
    expect(ask(answer([type('text/html')], 'fine')).effect).toBe('allow');
    expect(ask(answer([type('text/html'), ['Content-Encoding', 'gzip']], 'x')).row).toBe(
      'engine-error',
    );
    expect(ask(answer([type('text/html')], LONG)).row).toBe('engine-error');
    expect(ask(answer([type('image/png')], LONG)).effect).toBe('allow');
  });
});

describe('a document', () => {
  it('is refused where Sec Rules of two signatures have one id', () => {
    const one = { action: 'allow', secRule: `SecRule ARGS "@contains a" "id:50,phase:2,pass"` };
    const define = (): unknown =>
      definePolicy({
        signatures: [
          { name: 'a', ...one },
          { name: 'b', ...one },
        ],
      });
    expect(define).toThrow(/\b50\b/);
  });

  it('takes a Sec Rule whatever id our own rules have', () => {
    const { ask } = policyUnderTest({
      signatures: [
        {
          name: 'a',
          action: 'block',
          secRule: `SecRule ARGS "@contains evil" "id:200001,phase:2,deny"`,
        },
      ],
    });
    expect(ask({ uri: '/?q=evil' }).rule).toBe('a');
    expect(ask({ uri: '/?q=good' }).effect).toBe('allow');
  });
});
