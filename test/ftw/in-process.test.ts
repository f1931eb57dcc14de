import { describe, expect, it } from 'vitest';
import { createInProcessTarget } from '../../src/ftw/in-process.ts';
import { DEFAULT_INPUT, type FtwInput } from '../../src/ftw/test-file.ts';
import {
  type FakeRules,
  fakeTransaction,
  ruleMatch,
  type SeenExchange,
} from './fake-transaction.ts';

async function send(request: string, rules: FakeRules = {}, input: Partial<FtwInput> = {}) {
  const exchanges: SeenExchange[] = [];
  const target = createInProcessTarget({
    begin: () => fakeTransaction({ ...rules, onFinish: (seen) => exchanges.push(seen) }),
  });
  const stage = { label: 'x', request, input: { ...DEFAULT_INPUT, ...input } };
  const observation = await target.send(stage);
  return { observation, seen: exchanges[0] };
}

const HOST = 'Host: a.test\r\n';

describe('the in-process target', () => {
  it('hands the request to the rules byte by byte, and the answer of the backend', async () => {
    const { observation, seen } = await send(
      `POST /reflect HTTP/1.1\r\n${HOST}A:  b \r\nA: c\r\nContent-Length: 13\r\n\r\n{"body":"hi"}`,
    );
    expect(seen?.head).toEqual({
      method: 'POST',
      uri: '/reflect',
      version: 'HTTP/1.1',
      headers: [
        ['Host', 'a.test'],
        ['A', 'b'],
        ['A', 'c'],
        ['Content-Length', '13'],
      ],
    });
    expect(seen?.body).toBe('{"body":"hi"}');
    expect(seen?.response?.status).toBe(200);
    expect(seen?.responseBody).toBe('hi');
    expect(observation.response).toMatchObject({ status: 200 });
    expect(observation.response?.raw).toContain('\r\n\r\nhi');
  });

  it('shows rules no bytes that do not belong to the request', async () => {
    const none = await send(`POST / HTTP/1.1\r\n${HOST}\r\nabc`);
    expect(none.seen?.body).toBe('');
    const short = await send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\nabc`);
    expect(short.seen?.body).toBe('ab');
    const chunked = await send(
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    );
    expect(chunked.seen?.body).toBe('abc');
  });

  it('answers 400 without asking the rules where a server would', async () => {
    for (const request of [
      `GET /#a HTTP/1.1\r\n${HOST}\r\n`,
      'GET / HTTP/1.1\r\n\r\n',
      `GET / HTTP/1.1\r\n${HOST}A: b\rC: d\r\n\r\n`,
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3\r\nab`,
    ]) {
      const { observation, seen } = await send(request, { matches: () => [ruleMatch(1)] });
      expect(seen).toBe(undefined);
      expect(observation).toMatchObject({ response: { status: 400 }, loggedIds: [] });
    }
  });

  it('lets the rules see a request without a version, and gives no response', async () => {
    const { observation } = await send(`GET / \r\n${HOST}\r\n`, { matches: () => [ruleMatch(1)] });
    expect(observation).toMatchObject({ response: undefined, loggedIds: [1] });
  });

  it('skips the backend when a rule interrupts', async () => {
    const { observation, seen } = await send(`GET / HTTP/1.1\r\n${HOST}\r\n`, {
      interruption: () => ({ rule: 7, phase: 2, action: 'deny', status: 403 }),
    });
    expect(seen?.steps).not.toContain('responseHead');
    expect(observation.response?.status).toBe(403);
  });

  it('takes a drop for a broken exchange', async () => {
    const { observation } = await send(`GET / HTTP/1.1\r\n${HOST}\r\n`, {
      interruption: () => ({ rule: 7, phase: 2, action: 'drop', status: 0 }),
    });
    expect(observation.response).toBe(undefined);
  });

  it('reports what is logged, without rules that prepare the tests', async () => {
    const { observation } = await send(`GET / HTTP/1.1\r\n${HOST}\r\n`, {
      matches: () => [ruleMatch(900005), ruleMatch(1), ruleMatch(2, { logged: false })],
    });
    expect(observation.loggedIds).toEqual([1]);
    expect(observation.logLines).toEqual([expect.stringContaining('[id "1"]')]);
    expect(observation.matches?.map((match) => match.rule.id)).toEqual([1, 2]);
  });

  it('lets the backend answer as the stage asks', async () => {
    const { seen } = await send(
      `GET /x HTTP/1.1\r\n${HOST}\r\n`,
      {},
      { response: { status: 500, headers: [['X-A', 'b']], body: 'oops' } },
    );
    expect(seen).toMatchObject({ response: { status: 500 }, responseBody: 'oops' });
  });
});
