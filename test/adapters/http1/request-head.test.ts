import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequestHead } from '../../../src/adapters/http1/request-head.ts';

const LIMITS = { maxHeaders: 100, forwardsConnect: false };

function parse(text: string): ReturnType<typeof parseRequestHead> {
  return parseRequestHead({ text, complete: true, hasBareEmptyLine: false }, LIMITS);
}

describe('parseRequestHead', () => {
  it('gives the whole line when it is not method, target and version', () => {
    expect(parse('GET /a b HTTP/1.1\r\nHost: a\r\n').head.line).toBe('GET /a b HTTP/1.1');
    expect(parse('GET /a HTTP/1.1\r\nHost: a\r\n').head.line).toBeUndefined();
  });

  it.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'Connection: Close\r\n', false],
    ['HTTP/1.1', 'Connection: x, close\r\n', false],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'Connection: keep-alive\r\n', true],
    ['HTTP/1.0', 'Connection: keep-alive, close\r\n', false],
    ['HTTP/1.2', '', true],
  ])('knows whether %s with %j goes on', (version, lines, expected) => {
    expect(parse(`GET / ${version}\r\nHost: a\r\n${lines}`).wantsKeepAlive).toBe(expected);
  });

  it('ignores an expectation in HTTP/1.0', () => {
    const head = parse('POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n');
    expect(head.expectsContinue).toBe(false);
    expect(head.framing).toEqual({ kind: 'length', bytes: 1 });
  });

  it('answers any bytes without throwing, and never both a refusal and a body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), (text) => {
        const { refusal, framing } = parse(text);
        if (refusal !== undefined) expect(framing.kind).toBe('none');
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
    );
  });

  it('takes time in proportion to the head', () => {
    const lines = 'X: y\r\n'.repeat(10_000);
    const startedAt = performance.now();
    parse(`GET / HTTP/1.1\r\nHost: a\r\n${lines}`);
    parse(`GET /${' '.repeat(60_000)} HTTP/1.1\r\n`);
    parse(`GET / HTTP/1.1\r\nX:${'\r'.repeat(60_000)}\r\n`);
    parse(`GET / HTTP/1.1\r\nConnection: ${','.repeat(60_000)}\r\nHost: a\r\n`);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
