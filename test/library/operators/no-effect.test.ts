import { describe, expect, it } from 'vitest';
import { judge } from '../../support/matched-rules.ts';

describe('operators without effect', () => {
  it.each([
    ['gsbLookup', '=\\x22https?\\x3a//(.*?)\\x22'],
    ['gsbLookup', ''],
    ['validateHash', 'product_info'],
    ['rsub', 's/secret/******/'],
  ])(
    '@%s %s loads with a warning, never matches, and always does when negated',
    (name, argument) => {
      const rules = `SecRuleEngine On
SecRule ARGS "@${name} ${argument}" "id:1,phase:1,pass"
SecRule ARGS "!@${name} ${argument}" "id:2,phase:1,pass"`;
      expect(judge(rules, { uri: '/?x=127.0.0.2' })).toEqual({
        matched: [2],
        codes: ['no-effect', 'no-effect'],
        errors: [],
      });
    },
  );

  it.each(['rbl', 'inspectFile', 'rsub'])('@%s does not load without an argument', (name) => {
    const rules = `SecRuleEngine On\nSecRule ARGS "@${name}" "id:1,phase:1,pass"`;
    expect(judge(rules).codes).toEqual(['missing-operator-argument']);
  });
});
