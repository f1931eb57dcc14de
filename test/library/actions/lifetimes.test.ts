// Which forms of expirevar, deprecatevar, initcol and set...id load. What they do is tested on the engine, in
// test/engine/persistent-collections.test.ts.

import { describe, expect, it } from 'vitest';
import { codesOf } from '../../support/rules.ts';

const codes = (action: string): readonly string[] =>
  codesOf(`SecAction "id:1,phase:1,pass,nolog,${action}"`);

describe('expirevar', () => {
  it('takes seconds, and macros for them', () => {
    expect(codes('expirevar:ip.x=60')).toEqual([]);
    expect(codes('expirevar:session.%{ARGS.k}=%{tx.seconds}')).toEqual([]);
  });

  it('refuses what is no number of seconds', () => {
    for (const action of ['expirevar:ip.x', 'expirevar:ip.x=soon', 'expirevar:ip.x=-1']) {
      expect(codes(action)).toEqual(['bad-action-value']);
    }
  });

  it('refuses unknown collections, and warns of TX', () => {
    expect(codes('expirevar:foo.x=60')).toEqual(['bad-action-value']);
    expect(codes('expirevar:x=60')).toEqual(['bad-action-value']);
    expect(codes('expirevar:tx.x=60')).toEqual(['no-effect']);
  });
});

describe('deprecatevar', () => {
  it('takes an amount by seconds, and macros for them', () => {
    expect(codes('deprecatevar:ip.x=60/300')).toEqual([]);
    expect(codes('deprecatevar:ip.x=%{tx.amount}/300')).toEqual([]);
  });

  it('refuses what is no rate', () => {
    for (const value of ['', '=60', '=60/0', '=a/b', '=1/2/3']) {
      expect(codes(`deprecatevar:ip.x${value}`)).toEqual(['bad-action-value']);
    }
  });

  it('warns of TX', () => {
    expect(codes('deprecatevar:tx.x=1/60')).toEqual(['no-effect']);
  });
});

describe('setsid, setuid and setrsc', () => {
  it('need a value', () => {
    for (const name of ['setsid', 'setuid', 'setrsc']) {
      expect(codes(`${name}:%{REMOTE_ADDR}`)).toEqual([]);
      expect(codes(name)).toEqual(['missing-action-value']);
    }
  });
});

describe('initcol', () => {
  it('warns of a collection that no engine has', () => {
    expect(codes('initcol:foo=1')).toEqual(['no-effect']);
  });
});
