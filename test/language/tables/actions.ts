// For each action: what a rule does with it, and not without it.

import { type EffectRow, later, match, matched, seen, status } from '../effects.ts';
import { xml } from '../requests.ts';

interface Case {
  readonly look: EffectRow['look'];
  readonly expected: unknown;
  /** Rules with `{}` where the action stands, behind a comma. Default: one SecAction. */
  readonly rules?: string;
  readonly isDefault?: boolean;
  readonly needsBuild?: boolean;
}

const row = (name: string, value: string, fact: string, one: Case): EffectRow => ({
  name,
  fact,
  text: value === '' ? name : `${name}:${value}`,
  rules: one.rules ?? 'SecAction "id:1,phase:1,pass{}"',
  look: one.look,
  expected: one.expected,
  isDefault: one.isDefault ?? false,
  needsBuild: one.needsBuild ?? false,
});

/** Rules 2 to 5 tell which phases were run behind rule 1. */
const BEHIND = [1, 2, 3, 4, 5].map((phase) => `SecAction "id:1${phase},phase:${phase},pass"`);
const FIRST = (actions: string): string =>
  [`SecAction "id:1,phase:1,${actions}{}"`, ...BEHIND].join('\n');

const tx = (name: string, actions = 'pass{}'): string =>
  `SecAction "id:1,phase:1,${actions}"\nSecAction "id:2,phase:5,pass,msg:'${name}'"`;
const message = (
  exchanges?: Parameters<typeof seen>[1],
  files?: Parameters<typeof seen>[2],
): EffectRow['look'] =>
  seen(({ matches }) => matches.findLast(({ rule }) => rule.id === 2)?.message, exchanges, files);
const masks = (
  part: 'args' | 'requestHeaders' | 'responseHeaders' | 'matched',
): EffectRow['look'] =>
  seen(({ record }) => record.masks[part], { uri: '/?card=4111111111111111' });
const CARD = `SecRule ARGS "@rx \\d{16}" "id:1,phase:1,pass,capture{}"`;

const IP = 'SecAction "id:9,phase:1,pass,nolog,initcol:ip=a"';
const ONCE = 'SecRule IP:IS_NEW "@eq 1" "id:1,phase:1,pass,nolog,setvar:ip.x=9{}"';
const AGAIN = 'SecAction "id:1,phase:1,pass,nolog{}"';
const SHOW_X = `SecAction "id:2,phase:5,pass,msg:'%{ip.x}'"`;
const COLLECTION = (name: string): string =>
  `SecAction "id:1,phase:1,pass,nolog{},setvar:${name}.n=+1"
SecAction "id:2,phase:5,pass,msg:'%{${name}.n}'"`;

/** Accepted with a warning: the rule matches as it would without it. */
const NO_EFFECT: Case = {
  look: matched(),
  expected: { codes: ['no-effect'], shown: [1] },
};

export const ACTION_ROWS: readonly EffectRow[] = [
  row('id', '7', 'names the rule', {
    rules: 'SecAction "phase:1,pass{}"',
    look: matched(),
    expected: [7],
  }),
  row('phase', '4', 'says when the rule runs', {
    rules: 'SecAction "id:1,pass{}"',
    look: match(({ phase }) => phase),
    expected: 4,
  }),
  row('phase', 'logging', 'knows phases by name', {
    rules: 'SecAction "id:1,pass{}"',
    look: match(({ phase }) => phase),
    expected: 5,
  }),
  row('msg', "'seen %{REQUEST_METHOD}'", 'is the message, expanded', {
    look: match((one) => one.message),
    expected: 'seen GET',
  }),
  row('logdata', "'%{MATCHED_VAR}'", 'is the data of the match, expanded', {
    rules: 'SecRule REQUEST_METHOD "@rx ." "id:1,phase:1,pass{}"',
    look: match(({ data }) => data),
    expected: 'GET',
  }),
  row('tag', "'a/%{REQUEST_METHOD}',tag:b", 'labels the match, each of them', {
    look: match(({ tags }) => tags),
    expected: ['a/GET', 'b'],
  }),
  row('severity', 'critical', 'is the gravity of the match', {
    look: match(({ rule }) => rule.severity),
    expected: 2,
  }),
  row('rev', '3', 'is the revision of the rule', {
    look: match(({ rule }) => rule.rev),
    expected: '3',
  }),
  row('ver', 'CRS/4', 'is the version of the rule', {
    look: match(({ rule }) => rule.ver),
    expected: 'CRS/4',
  }),
  row('maturity', '7', 'is kept with the rule', {
    look: match(({ rule }) => rule.maturity),
    expected: 7,
  }),
  row('accuracy', '8', 'is kept with the rule', {
    look: match(({ rule }) => rule.accuracy),
    expected: 8,
  }),
  row('status', '418', 'is what a denial answers with', {
    rules: 'SecAction "id:1,phase:1,deny{}"',
    look: status(),
    expected: 418,
  }),
  row('xmlns', 'p=urn:x', 'gives a namespace to XPath', {
    rules: `SecAction "id:9,phase:1,pass,ctl:requestBodyProcessor=XML"
SecRule XML:/p:a "@streq y" "id:1,phase:2,pass{}"`,
    look: matched(xml('<a xmlns="urn:x">y</a>')),
    expected: [9, 1],
  }),

  row('allow', '', 'skips all rules but those of phase 5', {
    rules: FIRST('pass'),
    look: matched(),
    expected: [1, 15],
  }),
  row('allow', 'phase', 'skips the rules of the phase', {
    rules: FIRST('pass'),
    look: matched(),
    expected: [1, 12, 13, 14, 15],
  }),
  row('allow', 'request', 'skips the rules of the request', {
    rules: FIRST('pass'),
    look: matched(),
    expected: [1, 13, 14, 15],
  }),
  row('block', '', 'does what SecDefaultAction says', {
    rules: `SecDefaultAction "phase:1,deny,status:418"\n${FIRST('pass')}`,
    look: status(),
    expected: 418,
  }),
  row('deny', '', 'answers 403 and leaves out all but phase 5', {
    rules: FIRST('pass'),
    look: seen(({ interruption, matched: ids }) => [interruption, ids]),
    expected: [{ rule: 1, phase: 1, action: 'deny', status: 403 }, [1, 15]],
  }),
  row('drop', '', 'closes the connection', {
    look: seen(({ interruption }) => interruption),
    expected: { rule: 1, phase: 1, action: 'drop', status: 0 },
  }),
  row('pass', '', 'goes on in spite of SecDefaultAction', {
    rules: 'SecDefaultAction "phase:1,deny"\nSecAction "id:1,phase:1{}"',
    look: status(),
    expected: null,
  }),
  row('pause', '10', 'ends the phase, and says that nothing waits', {
    rules: FIRST('pass'),
    look: matched(),
    expected: { codes: ['no-effect'], shown: [1, 12, 13, 14, 15] },
  }),
  row('proxy', 'http://%{SERVER_NAME}:81/', 'hands the request on, expanded', {
    look: seen(({ interruption }) => [interruption?.action, interruption?.url]),
    expected: ['proxy', 'http://shop.test:81/'],
  }),
  row('redirect', 'http://%{SERVER_NAME}/no', 'answers 302 with a place, expanded', {
    look: seen(({ interruption }) => interruption),
    expected: { rule: 1, phase: 1, action: 'redirect', status: 302, url: 'http://shop.test/no' },
  }),

  row('chain', '', 'needs the next rule to match as well', {
    rules: `SecRule ARGS:a "@streq 1" "id:1,phase:1,pass{}"
SecRule ARGS:b "@streq 2" "nolog"`,
    look: matched({ uri: '/?a=1&b=2' }),
    expected: [1],
  }),
  row('skip', '1', 'leaves out the next rule', {
    rules: FIRST('pass'),
    look: matched(),
    expected: [1, 12, 13, 14, 15],
  }),
  row('skipAfter', 'END', 'goes on behind the marker', {
    rules: `SecAction "id:1,phase:1,pass{}"
SecAction "id:2,phase:1,pass"
SecMarker END
SecAction "id:3,phase:1,pass"`,
    look: matched(),
    expected: [1, 3],
  }),

  row('log', '', 'logs in spite of SecDefaultAction', {
    rules: 'SecDefaultAction "phase:1,nolog,pass"\nSecAction "id:1,phase:1{}"',
    look: match(({ logged, audited }) => [logged, audited]),
    expected: [true, false],
  }),
  row('nolog', '', 'leaves no trace in the logs', {
    look: match(({ logged, audited }) => [logged, audited]),
    expected: [false, false],
  }),
  row('auditlog', '', 'marks the transaction for the audit log', {
    rules: 'SecAction "id:1,phase:1,pass,nolog{}"',
    look: match(({ logged, audited }) => [logged, audited]),
    expected: [false, true],
  }),
  row('noauditlog', '', 'does not mark it, and still logs', {
    look: match(({ logged, audited }) => [logged, audited]),
    expected: [true, false],
  }),
  row('capture', '', 'keeps what groups of the pattern matched', {
    rules: `SecRule ARGS:a "@rx ^(.)(.)" "id:1,phase:1,pass{}"
SecAction "id:2,phase:5,pass,msg:'%{TX.0} %{TX.2}'"`,
    look: message({ uri: '/?a=xyz' }),
    expected: 'xy y',
  }),
  row('multiMatch', '', 'tests the value before and behind each transformation', {
    rules: `SecRule ARGS:a "@rx ^(?:A|a|61)$" "id:1,phase:1,pass,t:lowercase,t:hexEncode,setvar:tx.n=+1{}"
SecAction "id:2,phase:1,pass,msg:'%{tx.n}'"`,
    look: message({ uri: '/?a=A' }),
    expected: '3',
  }),
  row('t', 'lowercase', 'transforms the value', {
    rules: 'SecRule ARGS:a "@streq a" "id:1,phase:1,pass{}"',
    look: matched({ uri: '/?a=A' }),
    expected: [1],
  }),
  row('ctl', 'ruleEngine=DetectionOnly', 'changes the engine for the transaction', {
    rules: 'SecAction "id:1,phase:1,pass{}"\nSecAction "id:2,phase:1,deny"',
    look: status(),
    expected: null,
  }),

  row('setvar', 'tx.a=%{REQUEST_METHOD}', 'sets a variable', {
    rules: tx('%{tx.a}'),
    look: message(),
    expected: 'GET',
  }),
  row('setvar', 'tx.a=+5,setvar:tx.a=-2', 'adds and subtracts', {
    rules: tx('%{tx.a}'),
    look: message(),
    expected: '3',
  }),
  row('setvar', '!tx.a', 'deletes a variable', {
    rules: tx('%{tx.a}', 'pass,setvar:tx.a=1{}'),
    look: message(),
    expected: '',
  }),
  row('setenv', 'A=%{REQUEST_METHOD}', 'sets a variable of ENV', {
    rules: tx('%{env.A}'),
    look: message(),
    expected: 'GET',
  }),
  row('setenv', '!A', 'unsets it', {
    rules: tx('%{env.A}', 'pass,setenv:A=1{}'),
    look: message(),
    expected: '',
  }),
  row('initcol', 'ip=a', 'opens a collection that outlives the transaction', {
    rules: COLLECTION('ip'),
    look: message([{}, {}]),
    expected: '2',
  }),
  row('setsid', 'a', 'names the session and opens SESSION', {
    rules: COLLECTION('session'),
    look: seen(({ matches, record }) => [matches.at(-1)?.message, record.sessionId], [{}, {}]),
    expected: ['2', 'a'],
  }),
  row('setuid', 'a', 'names the user and opens USER', {
    rules: COLLECTION('user'),
    look: seen(({ matches, record }) => [matches.at(-1)?.message, record.userId], [{}, {}]),
    expected: ['2', 'a'],
  }),
  row('setrsc', 'a', 'opens RESOURCE', {
    rules: COLLECTION('resource'),
    look: message([{}, {}]),
    expected: '2',
  }),
  row('expirevar', 'ip.x=60', 'lets a variable go after some seconds', {
    rules: [IP, ONCE, SHOW_X].join('\n'),
    look: message([{}, later(60)]),
    expected: '',
  }),
  row('deprecatevar', 'ip.x=2/30', 'lowers a counter as time passes', {
    rules: [IP, ONCE.replace('{}', ''), AGAIN.replace('id:1', 'id:3'), SHOW_X].join('\n'),
    look: message([{}, later(61)]),
    expected: '5',
  }),

  row('sanitiseArg', 'card', 'masks an argument', { look: masks('args'), expected: ['card'] }),
  row('sanitizeArg', 'card', 'is its other spelling', { look: masks('args'), expected: ['card'] }),
  row('sanitiseRequestHeader', 'X-A', 'masks a header of the request', {
    look: masks('requestHeaders'),
    expected: ['X-A'],
  }),
  row('sanitizeRequestHeader', 'X-A', 'is its other spelling', {
    look: masks('requestHeaders'),
    expected: ['X-A'],
  }),
  row('sanitiseResponseHeader', 'X-A', 'masks a header of the response', {
    look: masks('responseHeaders'),
    expected: ['X-A'],
  }),
  row('sanitizeResponseHeader', 'X-A', 'is its other spelling', {
    look: masks('responseHeaders'),
    expected: ['X-A'],
  }),
  ...['sanitiseMatched', 'sanitizeMatched'].map((name) =>
    row(name, '', 'masks the variable that matched', {
      rules: CARD,
      look: masks('matched'),
      expected: [{ variable: 'ARGS:card', text: undefined, keepLeft: 0, keepRight: 0 }],
    }),
  ),
  ...['sanitiseMatchedBytes', 'sanitizeMatchedBytes'].map((name) =>
    row(name, '1/4', 'masks the bytes that matched, but for some', {
      rules: CARD,
      look: masks('matched'),
      expected: [{ variable: 'ARGS:card', text: '4111111111111111', keepLeft: 1, keepRight: 4 }],
    }),
  ),

  row('append', "'<hr>'", 'does not change the response', NO_EFFECT),
  row('prepend', "'<hr>'", 'does not change the response', NO_EFFECT),
  row('exec', '/bin/false', 'runs no program that is not allowed', {
    look: matched(),
    expected: { codes: ['program-not-allowed'], shown: [1] },
  }),
  row('exec', 'note.lua', 'runs a script', {
    rules: tx('%{tx.noted}'),
    look: message({}, { 'note.lua': 'function main() m.setvar("tx.noted", "yes") end' }),
    expected: 'yes',
    needsBuild: true,
  }),
];
