import { describe, expect, it } from 'vitest';
import { describeUnread, eachUnread } from '../../src/adapters/record-fields.ts';

function unread(record: object): string[] {
  const paths: string[] = [];
  eachUnread(record as Readonly<Record<string, unknown>>, (path) => paths.push(path));
  return paths;
}

describe('eachUnread', () => {
  it('finds nothing in a record that has all there is', () => {
    const body = { headers: [], version: 'HTTP/1.1', body: '', body_b64: '' };
    const endpoint = { address: '192.0.2.1', port: 1 };
    const facts = { id: 'a', method: 'GET', uri: '/', line: 'GET /', time: '2026-11-21' };
    const ends = { client: endpoint, server: endpoint };
    expect(unread({ ...facts, ...body, ...ends, response: { status: 200, ...body } })).toEqual([]);
    expect(unread({ client: null, server: null, response: null })).toEqual([]);
  });

  it('finds names that are none, wherever they stand', () => {
    const response = { status: 200, header: [] };
    expect(unread({ method: 'GET', timeMs: 1, client: { ip: '192.0.2.1' }, response })).toEqual([
      'timeMs',
      'client.ip',
      'response.header',
    ]);
    expect(unread({ status: 200 })).toEqual(['status']);
    expect(unread({ constructor: 1, toString: 1 })).toEqual(['constructor', 'toString']);
  });

  it('leaves names of the author alone', () => {
    expect(unread({ _note: 'x', response: { _cached: true } })).toEqual([]);
  });

  it('finds a body that is no text, unless there is one in Base64', () => {
    expect(unread({ body: { a: 1 } })).toEqual(['body']);
    expect(unread({ response: { body: 1 } })).toEqual(['response.body']);
    expect(unread({ body: { a: 1 }, body_b64: 'YT0x' })).toEqual([]);
    expect(unread({ body: null })).toEqual([]);
  });
});

describe('describeUnread', () => {
  it.each([
    ['timeMs', '"time"'],
    ['header', '"headers"'],
    ['url', '"uri"'],
    ['bodyBase64', '"body_b64"'],
    ['Request_Method', '"method"'],
    ['client.ip', '"client.address"'],
    ['response.header', '"response.headers"'],
    ['response.statusCode', '"response.status"'],
    ['response.body', '"response.body_b64"'],
  ])('says what was meant by %s', (path, meant) => {
    expect(describeUnread(path)).toContain(`"${path}"`);
    expect(describeUnread(path)).toContain(meant);
  });

  it('names all there is where nothing is near', () => {
    const text = describeUnread('response.zork');
    for (const name of ['status', 'version', 'headers', 'body_b64']) expect(text).toContain(name);
    expect(text).not.toContain('uri');
    expect(describeUnread('constructor')).toContain('uri');
  });

  it('lets no name reach the terminal as a control sequence', () => {
    expect(describeUnread('zork\x1b[31m\u202e')).toMatch(/^[\x20-\x7e]*$/);
    expect(describeUnread(`z${'o'.repeat(10_000)}`).length).toBeLessThan(400);
  });
});
