import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../src/waf/files.ts';
import { judge } from '../../support/matched-rules.ts';
import { describeShared, sharedPath } from '../../support/shared.ts';
import { refusal, run } from './harness.ts';

const TEXT = 'Also called fuzzy hashes, Ctph can match inputs that have homologies.';
const files = {
  hashes: [
    'ssdeep,1.1--blocksize:hash:hash,filename',
    '96:MbQ1L0LDX8GPI8ov3D2D9zd6:KvL8Gg8r,"other"',
    '3:AXGBicFlIHBGcL6wCrFQEv:AXGH6xLsr2C,"known, and quoted"',
  ].join('\n'),
  empty: '# nothing\n',
};

describe('@fuzzyHash', () => {
  it.each([
    ['hashes 1', TEXT, true],
    ['hashes 22', TEXT, true],
    ['hashes 23', TEXT, false],
    ['hashes  100 ', TEXT.replace('Ctph', 'CTPH'), true],
    ['hashes 1', 'nothing of the kind', false],
    ['hashes 1', '', false],
  ])('with %s decides that %j is %s', (argument, value, expected) => {
    expect(run('fuzzyHash', argument, value, { files }).matched).toBe(expected);
  });

  it.each([
    ['hashes', 'bad-operator-argument'],
    ['hashes 0', 'bad-operator-argument'],
    ['hashes 101', 'bad-operator-argument'],
    ['hashes many', 'bad-operator-argument'],
    ['empty 60', 'bad-operator-argument'],
    ['other 60', 'missing-data-file'],
  ])('does not load with %j', (argument, code) => {
    expect(refusal('fuzzyHash', argument, { files })).toBe(code);
  });
});

const CASES = sharedPath('modsecurity', 'regression', 'operator-fuzzyhash.json');

describeShared("ModSecurity's own case for @fuzzyHash", CASES, () => {
  interface Case {
    readonly request: { readonly body: readonly string[] };
  }
  const [first] = JSON.parse(readFileSync(CASES, 'utf8')) as readonly Case[];
  const hashes = sharedPath('modsecurity', 'data', 'ssdeep.txt');

  it('finds the body like a known file with a score of 54', () => {
    const body = first?.request.body.join('\n') ?? '';
    const rules = `SecRuleEngine On
SecRequestBodyAccess On
SecRule REQUEST_BODY "@fuzzyHash ${hashes} 54" "id:1,phase:2,pass,t:trim"
SecRule REQUEST_BODY "@fuzzyHash ${hashes} 55" "id:2,phase:2,pass,t:trim"`;
    const headers: [string, string][] = [['Content-Type', 'application/x-www-form-urlencoded']];
    const judged = judge(rules, { method: 'POST', headers, body }, nodeFiles());
    expect(judged.matched).toEqual([1]);
  });
});
