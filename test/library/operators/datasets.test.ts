import { describe, expect, it } from 'vitest';
import { judge } from '../../support/matched-rules.ts';
import { refusal, run } from './harness.ts';

describe('@pmFromDataset', () => {
  const datasets = { words: ['two words', 'Evil'] };

  it.each([
    ['some EVIL thing', true],
    ['two words', true],
    ['twowords', false],
    ['', false],
  ])('decides that %j is %s', (value, expected) => {
    expect(run('pmFromDataset', 'words', value, { datasets }).matched).toBe(expected);
  });

  it('captures the phrase as it is written in the list', () => {
    expect(run('pmFromDataset', 'words', 'an evil', { datasets }).captures).toEqual(['Evil']);
  });

  it('does not load when there is no such dataset', () => {
    expect(refusal('pmFromDataset', 'other', { datasets })).toBe('missing-dataset');
  });
});

describe('@ipMatchFromDataset', () => {
  const datasets = { nets: ['10.0.0.0/8 # ours', '2001:db8::/32, 192.0.2.1'], odd: ['10.0/16'] };

  it.each([
    ['10.1.2.3', true],
    ['192.0.2.1', true],
    ['2001:db8::7', true],
    ['192.0.2.2', false],
    ['nonsense', false],
  ])('decides that %s is %s', (value, expected) => {
    expect(run('ipMatchFromDataset', 'nets', value, { datasets }).matched).toBe(expected);
  });

  it('does not load with a line that is no prefix', () => {
    expect(refusal('ipMatchFromDataset', 'odd', { datasets })).toBe('bad-ip-prefix');
  });

  it('does not load when there is no such dataset', () => {
    expect(refusal('ipMatchFromDataset', 'none', { datasets })).toBe('missing-dataset');
  });
});

describe('SecDataset', () => {
  const LIST = 'SecDataset words `\n# a comment\n\n  evil \nbad\n`\n';
  const RULE = 'SecRule ARGS "@pmFromDataset words" "id:1,phase:1,pass"\n';

  it.each([
    ['before', LIST + RULE],
    ['behind', RULE + LIST],
  ])('is found %s the rule', (_place, rules) => {
    expect(judge(`SecRuleEngine On\n${rules}`, { uri: '/?x=evil' })).toEqual({
      matched: [1],
      codes: [],
      errors: [],
    });
  });

  it('leaves out comments and empty lines', () => {
    const rules = `SecRuleEngine On\n${LIST}${RULE}`;
    expect(judge(rules, { uri: '/?x=a%20comment&y=' }).matched).toEqual([]);
  });

  it('warns when a name is given again', () => {
    const other = 'SecDataset words `\nfine\n`\n';
    const { matched, codes } = judge(`SecRuleEngine On\n${LIST}${other}${RULE}`, {
      uri: '/?x=fine&y=evil',
    });
    expect(matched).toEqual([1]);
    expect(codes).toEqual(['dataset-redefined']);
  });

  it('is missed at load', () => {
    expect(judge(`SecRuleEngine On\n${RULE}`).codes).toEqual(['missing-dataset']);
  });
});
