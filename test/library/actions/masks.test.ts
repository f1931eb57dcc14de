// The sanitise... actions, by what they leave for the audit log.

import { describe, expect, it } from 'vitest';
import { type Masks, NO_MASKS } from '../../../src/model/masks.ts';
import { createWaf } from '../../../src/waf/create-waf.ts';
import { codesOf, request, rulesText } from '../../support/rules.ts';

function masksOf(rules: string, uri = '/?card=x%204111111111111111&pin=1234'): Masks {
  let masks = NO_MASKS;
  const waf = createWaf({
    rules: { name: 'test.conf', text: rulesText(rules) },
    audit: {
      wants: () => true,
      finished: (record) => {
        masks = record.masks;
      },
    },
  });
  waf.inspect(request(uri, [['X-Token', 'abc']]));
  return masks;
}

const action = (actions: string): string => `SecAction "id:1,phase:1,pass,nolog,${actions}"`;
const rule = (target: string, operator: string, actions: string): string =>
  `SecRule ${target} "${operator}" "id:1,phase:1,pass,nolog,${actions}"`;

describe('sanitiseArg', () => {
  it('masks arguments by name, each name once', () => {
    expect(masksOf(action('sanitiseArg:pin,sanitizeArg:card,sanitiseArg:pin')).args).toEqual([
      'pin',
      'card',
    ]);
  });

  it('expands macros in the name', () => {
    expect(masksOf(action('setvar:tx.n=pin,sanitiseArg:%{tx.n}')).args).toEqual(['pin']);
  });

  it('masks nothing when its rule does not match', () => {
    expect(masksOf(rule('ARGS:pin', '@streq no', 'sanitiseArg:pin')).args).toEqual([]);
  });
});

describe('sanitiseRequestHeader and sanitiseResponseHeader', () => {
  it('mask headers by name', () => {
    const masks = masksOf(
      action('sanitiseRequestHeader:X-Token,sanitizeResponseHeader:Set-Cookie'),
    );
    expect(masks.requestHeaders).toEqual(['X-Token']);
    expect(masks.responseHeaders).toEqual(['Set-Cookie']);
  });
});

describe('sanitiseMatched', () => {
  it('masks each value that matched', () => {
    const { matched } = masksOf(rule('ARGS|REQUEST_HEADERS', '@rx [0-9a]', 'sanitiseMatched'));
    expect(matched.map(({ variable, text }) => [variable, text])).toEqual([
      ['ARGS:card', undefined],
      ['ARGS:pin', undefined],
      ['REQUEST_HEADERS:X-Token', undefined],
    ]);
  });
});

describe('sanitiseMatchedBytes', () => {
  it('masks the captured bytes and leaves what it is told to', () => {
    const rules = rule('ARGS:card', '@rx \\d{13,16}', 'capture,sanitiseMatchedBytes:1/4');
    expect(masksOf(rules).matched).toEqual([
      { variable: 'ARGS:card', text: '4111111111111111', keepLeft: 1, keepRight: 4 },
    ]);
  });

  it('masks the whole value without capture', () => {
    const rules = `SecRule ARGS:pin "@rx 1" "id:2,phase:1,pass,nolog,capture"
      ${rule('ARGS:card', '@rx \\d{13,16}', 'sanitizeMatchedBytes')}`;
    expect(masksOf(rules).matched).toEqual([
      { variable: 'ARGS:card', text: undefined, keepLeft: 0, keepRight: 0 },
    ]);
  });

  it('refuses counts it cannot read', () => {
    expect(codesOf(action('sanitiseMatchedBytes:1'))).toContain('bad-action-value');
  });
});
