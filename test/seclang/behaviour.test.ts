import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeShared, sharedPath } from '../support/shared.ts';
import { parseText } from './tree.ts';

interface BehaviourCase {
  readonly id: string;
  readonly rules: string;
  readonly expected: { readonly load_error?: boolean };
}

/** Rule sets that are wrong by their syntax alone; all others are for the ruleset stage to judge. */
const BROKEN = [
  'lex-continuation-double-backslash',
  'lex-trailing-comment',
  'lex-directive-unknown',
  'lex-msg-unclosed',
  'lex-empty-operator',
  'lex-too-many-words',
  'lex-secrule-one-arg',
  'lex-remote-rules',
  'sel-space-in-selector',
  'setvar-value-quoted',
  'ctl-removebyid-list',
];

const path = sharedPath('portcullis', 'behaviour.jsonl');
describeShared('the measured behaviour of engines', path, () => {
  const cases = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): BehaviourCase => JSON.parse(line));
  const broken = cases.filter(({ rules }) => {
    const text = Buffer.from(rules, 'utf8').toString('latin1');
    return parseText(text).diagnostics.length > 0;
  });

  it('has a syntax error exactly where one is known', () => {
    expect(broken.map((each) => each.id)).toEqual(BROKEN);
  });

  it('expects a load error wherever there is a syntax error', () => {
    expect(broken.filter((each) => each.expected.load_error !== true)).toEqual([]);
  });
});
