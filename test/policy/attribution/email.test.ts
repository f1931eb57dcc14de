import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../../src/base/bytes.ts';
import { parseEmail } from '../../../src/policy/attribution/email.ts';

describe('parseEmail', () => {
  it.each([
    ['a@example.com', 'a@example.com', 'example.com'],
    ['First.Last+tag@Mail.Example.COM', 'first.last+tag@mail.example.com', 'mail.example.com'],
    ['a@example.com.', 'a@example.com', 'example.com'],
    ['jörg@bücher.example', 'jörg@xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('reads %s', (text, address, domain) => {
    expect(parseEmail(utf8ByteString(text))).toEqual({ address: utf8ByteString(address), domain });
  });

  it.each([
    '',
    'alice',
    '@example.com',
    'a@',
    'a@localhost',
    'a@b@example.com',
    '"a@b"@example.com',
    'Alice <a@example.com>',
    'a b@example.com',
    'a@exa mple.com',
    'a@example..com',
    'a@-example.com',
    'a@example.com/x',
    'a@[192.0.2.1]',
    'a\0@example.com',
    'a@example.com\r\nx',
    'a@\xff\xfe.example',
    `${'a'.repeat(65)}@example.com`,
    `a@${'a.'.repeat(130)}com`,
  ])('takes %j for no address', (text) => {
    expect(parseEmail(text)).toBeUndefined();
  });

  it('never throws, and gives domains in one spelling', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 })), fc.string(), (bytes, host) => {
        const local = String.fromCharCode(...bytes);
        for (const text of [local, `${local}@example.com`, `a@${utf8ByteString(host)}`]) {
          const email = parseEmail(text);
          if (email !== undefined) expect(email.domain).toMatch(/^[a-z0-9_.-]+$/);
        }
      }),
    );
  });
});
