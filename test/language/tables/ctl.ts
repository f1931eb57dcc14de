// For each option of ctl: what it changes for the rest of the transaction.

import { type EffectRow, matched, seen, status } from '../effects.ts';
import { form, json, post, xml } from '../requests.ts';

interface Case {
  /** Rules behind the one that carries out the action. */
  readonly rules?: string;
  readonly look: EffectRow['look'];
  readonly expected: unknown;
  readonly isDefault?: boolean;
}

const row = (name: string, value: string, fact: string, one: Case): EffectRow => ({
  name,
  fact,
  text: `ctl:${name}=${value}`,
  rules: `SecAction "id:9,phase:1,pass,nolog{}"\n${one.rules ?? ''}`,
  look: one.look,
  expected: one.expected,
  isDefault: one.isDefault ?? false,
});

const FORM = form('a=1');
const TAGGED = `SecRule ARGS "@rx ." "id:1,phase:1,pass,tag:'app/search',msg:'Odd search'"
SecRule ARGS "@rx ." "id:20,phase:2,pass,tag:other,msg:Other"`;
const QUERY = { uri: '/?a=1' };
const PARAMETERS = { uri: '/?a=1&b=1' };
/** How many arguments each rule saw. */
const TARGETS = `SecRule ARGS "@rx ." "id:1,phase:1,pass,tag:'app/search',msg:'Odd search'"
SecRule ARGS:a "@rx ." "id:20,phase:2,pass,tag:other,msg:Other"`;
const targets = seen(
  ({ matches }) =>
    matches.filter(({ rule }) => rule.id < 9 || rule.id > 9).map((one) => one.variable),
  PARAMETERS,
);

/** Accepted with a warning: nothing changes. */
const NO_EFFECT: Case = {
  look: matched(),
  expected: { codes: ['no-effect'], shown: [9] },
};

export const CTL_ROWS: readonly EffectRow[] = [
  row('auditEngine', 'On', 'switches the audit log', {
    look: seen(({ record }) => record.auditEngine),
    expected: 'On',
  }),
  row('auditLogParts', '+E', 'adds a part', {
    look: seen(({ record }) => record.auditLogParts),
    expected: 'ABCEFHZ',
  }),
  row('auditLogParts', '-C', 'takes a part away', {
    look: seen(({ record }) => record.auditLogParts),
    expected: 'ABFHZ',
  }),
  row('auditLogParts', 'AHZ', 'gives a whole list', {
    look: seen(({ record }) => record.auditLogParts),
    expected: 'AHZ',
  }),
  row('debugLogLevel', '9', 'does not change the debug log', NO_EFFECT),
  row('forceRequestBodyVariable', 'On', 'shows a body of no known type', {
    rules: 'SecRule REQUEST_BODY "@streq text" "id:1,phase:2,pass"',
    look: matched(post('text/plain', 'text')),
    expected: [9, 1],
  }),
  row('forceResponseBodyVariable', 'On', 'is what holds anyway', {
    rules: 'SecRule RESPONSE_BODY "@streq hello" "id:1,phase:4,pass"',
    look: matched(),
    expected: [9, 1],
    isDefault: true,
  }),
  row('forceResponseBodyVariable', 'Off', 'cannot hide it', NO_EFFECT),
  row('parseXmlIntoArgs', 'On', 'makes arguments of elements', {
    rules: `SecAction "id:8,phase:1,pass,ctl:requestBodyProcessor=XML"
SecRule ARGS "@streq y" "id:1,phase:2,pass"
SecRule XML:/* "@streq y" "id:2,phase:2,pass"`,
    look: matched(xml('<a>y</a>')),
    expected: [9, 8, 1, 2],
  }),
  row('parseXmlIntoArgs', 'OnlyArgs', 'makes nothing else of them', {
    rules: `SecAction "id:8,phase:1,pass,ctl:requestBodyProcessor=XML"
SecRule ARGS "@streq y" "id:1,phase:2,pass"
SecRule XML:/* "@streq y" "id:2,phase:2,pass"`,
    look: matched(xml('<a>y</a>')),
    expected: [9, 8, 1],
  }),
  row('requestBodyAccess', 'Off', 'leaves the body unread', {
    rules: 'SecRule ARGS:a "@streq 1" "id:1,phase:2,pass"',
    look: matched(FORM),
    expected: [9],
  }),
  row('requestBodyLimit', '2', 'refuses longer bodies', { look: status(FORM), expected: 413 }),
  row('requestBodyProcessor', 'JSON', 'reads JSON', {
    rules: 'SecRule ARGS:json.a "@streq 1" "id:1,phase:2,pass"',
    look: matched(json('{"a":1}')),
    expected: [9, 1],
  }),
  row('requestBodyProcessor', 'XML', 'reads XML', {
    rules: 'SecRule XML:/a "@streq 1" "id:1,phase:2,pass"',
    look: matched(xml('<a>1</a>')),
    expected: [9, 1],
  }),
  row('requestBodyProcessor', 'URLENCODED', 'reads a form of another type', {
    rules: 'SecRule ARGS:a "@streq 1" "id:1,phase:2,pass"',
    look: matched(post('text/plain', 'a=1')),
    expected: [9, 1],
  }),
  row('responseBodyAccess', 'Off', 'leaves the response unread', {
    rules: 'SecRule RESPONSE_BODY "@streq hello" "id:1,phase:4,pass"',
    look: matched(),
    expected: [9],
  }),
  row('responseBodyLimit', '2', 'refuses longer responses', { look: status(), expected: 500 }),
  row('responseBodyProcessor', 'JSON', 'leaves responses as they are', NO_EFFECT),
  row('ruleEngine', 'Off', 'ends the rules of the transaction', {
    rules: 'SecAction "id:1,phase:1,deny"',
    look: matched(),
    expected: [9],
  }),
  row('ruleEngine', 'DetectionOnly', 'lets rules only match', {
    rules: 'SecAction "id:1,phase:1,deny"',
    look: seen((one) => [one.matched, one.interruption]),
    expected: [[9, 1], null],
  }),
  row('ruleRemoveById', '1-19', 'takes out rules by id or range', {
    rules: TAGGED,
    look: matched(QUERY),
    expected: [9, 20],
  }),
  row('ruleRemoveByTag', '^app/', 'takes out rules whose tag a pattern finds', {
    rules: TAGGED,
    look: matched(QUERY),
    expected: [9, 20],
  }),
  row('ruleRemoveByMsg', 'search', 'takes out rules whose message a pattern finds', {
    rules: TAGGED,
    look: matched(QUERY),
    expected: [9, 20],
  }),
  row('ruleRemoveTargetById', '1-20;ARGS:A', 'takes a target from rules by id or range', {
    rules: TARGETS,
    look: targets,
    expected: ['ARGS:b'],
  }),
  row('ruleRemoveTargetById', '1;ARGS:/^b/', 'takes targets by a pattern on their key', {
    rules: TARGETS,
    look: targets,
    expected: ['ARGS:a', 'ARGS:a'],
  }),
  row('ruleRemoveTargetByTag', 'app/;ARGS', 'takes a target from rules by tag', {
    rules: TARGETS,
    look: targets,
    expected: ['ARGS:a'],
  }),
  row('ruleRemoveTargetByMsg', 'search$;ARGS', 'takes a target from rules by message', {
    rules: TARGETS,
    look: targets,
    expected: ['ARGS:a'],
  }),
  row('hashEngine', 'On', 'signs no links', NO_EFFECT),
  row('hashEnforcement', 'On', 'enforces no signatures', NO_EFFECT),
];
