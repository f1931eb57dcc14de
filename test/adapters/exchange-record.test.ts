import { describe, expect, it } from 'vitest';
import { parseExchangeRecord } from '../../src/adapters/exchange-record.ts';

const record = (fields: object): string =>
  JSON.stringify({ method: 'POST', uri: '/', response: { status: 200 }, ...fields });

describe('a body in a record', () => {
  it('is Base64, or text as whoever wrote it by hand wrote it', () => {
    expect(parseExchangeRecord(record({ body_b64: 'YT0x' })).body).toBe('a=1');
    expect(parseExchangeRecord(record({ body: 'a=1' })).body).toBe('a=1');
    // Chars above 0xff cannot be bytes: such a text stands for its UTF-8.
    expect(parseExchangeRecord(record({ body: '€' })).body).toBe('\xe2\x82\xac');
    expect(parseExchangeRecord(record({ body: '\xff' })).body).toBe('\xff');
    const { response } = parseExchangeRecord(record({ response: { status: 500, body: '<b>' } }));
    expect(response?.body).toBe('<b>');
  });

  it('is the Base64 where both are given', () => {
    expect(parseExchangeRecord(record({ body: 'x', body_b64: 'YT0x' })).body).toBe('a=1');
    expect(parseExchangeRecord(record({ body: 'x', body_b64: '' })).body).toBe('');
  });

  it('is left out where nothing is given that could be one', () => {
    expect(parseExchangeRecord(record({})).body).toBeUndefined();
    expect(parseExchangeRecord(record({ body: { a: 1 } })).body).toBeUndefined();
  });
});
