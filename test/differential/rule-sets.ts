// Generates small rule sets and the requests they meet: everything the registries know, in any combination
// that a rule author could write. What is added to a registry is generated from then on.

import fc from 'fast-check';
import { ACTIONS } from '../../src/library/actions/index.ts';
import { OPERATORS } from '../../src/library/operators/index.ts';
import { TRANSFORMATIONS } from '../../src/library/transformations/index.ts';
import { VARIABLES } from '../../src/library/variables/index.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { VariableDefinition } from '../../src/model/variable.ts';

/** What rules may read: datasets and data files of the generated operators. */
export const DATA_FILES: Readonly<Record<string, string>> = Object.freeze({
  'words.data': 'abc\nxyz\n# no\n  b\n',
  'addresses.data': '10.0.0.0/8\n192.168.1.1\n',
  'hashes.data': '3:AAAA:BBBB,"x"\n',
});

const KEYS = ['a', 'b', 'A', 'n', '0', '1', 'Host', 'c[d]', 'ARGS:a', 'json.a', 'none'];
const KEY_PATTERNS = ['/^a/', '/b|n/', '/./', '/^$/', '/ARGS/'];
const COLLECTIONS = ['tx', 'ip', 'global', 'session'];
const MACROS = [
  ...['%{tx.n}', '%{TX.0}', '%{tx.1}', '%{ARGS.a}', '%{MATCHED_VAR}', '%{matched_var_name}'],
  ...['%{RULE.id}', '%{ENV.e}', '%{ip.n}', '%{REMOTE_ADDR}', '%{nothing.here}', '%{unique_id}'],
  ...['%{HIGHEST_SEVERITY}', '%{ARGS_PATH.id}', '%{XML}', 'a%{tx.b}b', '%{', '%{tx.%{tx.n}}'],
];
const WORDS = ['', 'a', 'b', 'abc', '1', '10', '-3', '+5', ' 7x', '<script>', "1' or 1=1--", '%61'];

/** Arguments by operator; others get a word, a number or a macro. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  rx: ['a', '^(.)(.)?', '(b)|(a)', '^$', '\\d+', '(?i)ABC', '%{tx.n}', '(.*)(?=b)'],
  rxGlobal: ['(a)', '(.)b', '\\w'],
  pm: ['abc xyz', 'a', '1 b 10'],
  pmFromFile: ['words.data'],
  pmFromDataset: ['words'],
  ipMatch: ['127.0.0.1', '10.0.0.0/8,::1'],
  ipMatchFromFile: ['addresses.data'],
  ipMatchFromDataset: ['addresses'],
  fuzzyHash: ['hashes.data 10'],
  restpath: ['/users/{id}', '/{a}/{b}'],
  validateByteRange: ['32-126', '1-255', '97'],
  verifyCC: ['\\d{13,16}'],
  verifyCPF: ['\\d{11}'],
  verifySSN: ['\\d{9}'],
  verifySVNR: ['\\d{10}'],
  validateNid: ['us \\d{9}', 'cl \\d+-\\d'],
  rbl: ['list.test'],
  inspectFile: ['words.data'],
  rsub: ['s/a/b/'],
});

/** Values by action, `@` for the number of a rule; '' is the action without a value. Missing: left out. */
const VALUES: Readonly<Record<string, readonly string[]>> = Object.freeze({
  accuracy: ['3'],
  allow: ['', 'phase', 'request'],
  auditlog: [''],
  block: [''],
  capture: [''],
  ctl: [
    ...['ruleRemoveById=@', 'ruleRemoveById=@-@9', 'ruleRemoveByTag=one', 'ruleRemoveByMsg=m'],
    ...['ruleRemoveTargetById=@;ARGS:a', 'ruleRemoveTargetById=1-99;ARGS', 'ruleEngine=Off'],
    ...['ruleRemoveTargetByTag=one;ARGS:/^b/', 'ruleRemoveTargetByMsg=m;REQUEST_HEADERS:Host'],
    ...['ruleRemoveTargetById=1-99;TX:n', 'ruleRemoveTargetById=1-99;REQUEST_URI'],
    ...['ruleEngine=DetectionOnly', 'ruleEngine=On', 'requestBodyProcessor=XML'],
    ...['requestBodyProcessor=JSON', 'requestBodyAccess=Off', 'forceRequestBodyVariable=On'],
    ...['responseBodyAccess=Off', 'auditLogParts=+E', 'requestBodyLimit=5', 'parseXmlIntoArgs=On'],
  ],
  deny: [''],
  deprecatevar: ['ip.n=1/1'],
  drop: [''],
  expirevar: ['ip.n=1'],
  initcol: ['ip=%{REMOTE_ADDR}', 'global=all', 'ip=%{tx.n}', 'resource=x'],
  log: [''],
  logdata: MACROS,
  maturity: ['2'],
  msg: MACROS,
  multiMatch: [''],
  noauditlog: [''],
  nolog: [''],
  pass: [''],
  pause: ['1'],
  proxy: ['http://x.test/%{tx.n}'],
  redirect: ['http://x.test/%{tx.n}'],
  sanitiseArg: ['a'],
  sanitiseMatched: [''],
  setenv: ['e=%{tx.n}', 'e=1', '!e'],
  setrsc: ['%{ARGS.a}'],
  setsid: ['%{ARGS.a}', 's'],
  setuid: ['%{ARGS.a}', 'u'],
  severity: ['2', 'NOTICE', '5'],
  skip: ['1', '2', '100'],
  skipAfter: ['END', 'MIDDLE'],
  status: ['404', '302'],
  tag: ['one', 'two', '%{tx.n}'],
});

const oneOf = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

function targetOf(variable: VariableDefinition): fc.Arbitrary<string> {
  const { name } = variable;
  if (variable.kind === 'scalar') return oneOf(name, name, `&${name}`, `${name}|!${name}`);
  if (variable.kind === 'document') return oneOf(`${name}:/*`, `${name}://@*`, `&${name}:/*`);
  const key = oneOf(...KEYS);
  return fc.oneof(
    oneOf(name, name, `&${name}`),
    key.map((text) => `${name}:${text}`),
    key.map((text) => `&${name}:${text}`),
    key.map((text) => `${name}|!${name}:${text}`),
    oneOf(...KEY_PATTERNS).map((pattern) => `${name}:${pattern}`),
    oneOf(...KEY_PATTERNS).map((pattern) => `${name}|!${name}:${pattern}`),
    oneOf(...KEY_PATTERNS).map((pattern) => `&${name}|!${name}:${pattern}`),
  );
}

// Every variable has its turn, those that matches and actions change more often.
const LIVELY = VARIABLES.filter(({ name }) =>
  /^(ARGS|TX|MATCHED_VAR.*|ARGS_NAMES|REQUEST_HEADERS|IP|RULE|ARGS_PATH)$/.test(name),
);
const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...LIVELY).chain(targetOf) },
  { weight: 2, arbitrary: fc.constantFrom(...VARIABLES).chain(targetOf) },
);
const targets = fc.array(target, { minLength: 1, maxLength: 3 }).map((list) => list.join('|'));

// Grammars are read by a thread of their own, which is tested apart.
const OPERATOR_NAMES = OPERATORS.map(({ name }) => name).filter(
  (name) => name !== 'validateDTD' && name !== 'validateSchema',
);

const operator = fc
  .tuple(
    fc.oneof(
      { weight: 2, arbitrary: oneOf('rx', 'streq', 'ge', 'contains') },
      // What follows a match is only seen when rules match.
      { weight: 3, arbitrary: fc.constant('unconditionalMatch') },
      { weight: 3, arbitrary: oneOf(...OPERATOR_NAMES) },
    ),
    fc.boolean(),
    fc.nat(),
  )
  .map(([name, negated, seed]) => {
    const definition = OPERATORS.find((known) => known.name === name);
    const known = ARGUMENTS[name] ?? [...WORDS.filter((word) => word !== ''), ...MACROS];
    const argument = definition?.argument === 'none' ? '' : (known[seed % known.length] ?? '');
    return `${negated && seed % 3 === 0 ? '!' : ''}@${name} ${argument}`;
  });

const setvar = fc
  .tuple(oneOf(...COLLECTIONS), oneOf('n', 'b', '%{tx.n}', '1'), oneOf('=', '=+', '=-', '!', ''))
  .chain(([collection, key, how]) =>
    oneOf('1', '2', 'a', '%{tx.n}', '%{MATCHED_VAR}', '%{tx.0}').map((value) => {
      if (how === '!') return `setvar:'!${collection}.${key}'`;
      return `setvar:'${collection}.${key}${how}${how === '' ? '' : value}'`;
    }),
  );

const transformation = oneOf('none', ...TRANSFORMATIONS.map(({ name }) => name)).map(
  (name) => `t:${name}`,
);

function actionOf(name: string, ids: number): fc.Arbitrary<string> {
  return fc.tuple(oneOf(...(VALUES[name] ?? [''])), fc.nat({ max: ids })).map(([value, id]) => {
    if (value === '') return name;
    const filled = value.replaceAll('@', String(id + 1));
    return `${name}:'${filled}'`;
  });
}

const DISRUPTIVE = new Set(
  ACTIONS.filter(({ group }) => group === 'disruptive').map(({ name }) => name),
);

function actions(ids: number, inLink: boolean): fc.Arbitrary<readonly string[]> {
  const names = ACTIONS.filter(
    (action) =>
      VALUES[action.name] !== undefined &&
      !DISRUPTIVE.has(action.name) &&
      (!inLink || action.inLink),
  ).map(({ name }) => name);
  return fc.array(
    fc.oneof(
      { weight: 3, arbitrary: oneOf(...names).chain((name) => actionOf(name, ids)) },
      { weight: 2, arbitrary: setvar },
      { weight: 2, arbitrary: transformation },
      { weight: 1, arbitrary: oneOf('capture', 'multiMatch') },
    ),
    { maxLength: 5 },
  );
}

const disruptive = fc.oneof(
  { weight: 6, arbitrary: oneOf('pass') },
  {
    weight: 2,
    arbitrary: oneOf(...DISRUPTIVE)
      .filter((name) => VALUES[name] !== undefined)
      .chain((name) => actionOf(name, 1)),
  },
);

const MOST_RULES = 9;

/** `#` stands for the id, which its place gives. */
const rule = fc
  .record({
    phase: oneOf('1', '2', '2', '3', '4', '5'),
    disruptive,
    starter: fc.tuple(targets, operator, actions(MOST_RULES, false)),
    links: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 2,
        arbitrary: fc.array(fc.tuple(targets, operator, actions(MOST_RULES, true)), {
          minLength: 1,
          maxLength: 2,
        }),
      },
    ),
  })
  .map(({ phase, disruptive: ends, starter, links }) => {
    const list = [starter, ...links].map(([target, test, more], at, all) => {
      const own = [
        ...(at === 0 ? ['id:#', `phase:${phase}`, ends] : []),
        ...more,
        ...(at < all.length - 1 ? ['chain'] : []),
      ];
      const written = own.length === 0 ? '' : ` "${own.join(',')}"`;
      return `SecRule ${target} "${test.replaceAll('\\', '\\\\')}"${written}`;
    });
    return list.join('\n');
  });

const secAction = fc
  .tuple(oneOf('1', '2', '5'), actions(MOST_RULES, false))
  .map(([phase, more]) => `SecAction "${['id:#', `phase:${phase}`, 'pass', ...more].join(',')}"`);

const directive = oneOf(
  ...['SecMarker MIDDLE', 'SecMarker "MIDDLE"', 'SecRuleRemoveById 1', 'SecRuleRemoveById 2-3'],
  ...['SecRuleRemoveByTag one', 'SecRuleRemoveByMsg m', 'SecRuleUpdateTargetById 1 !ARGS:a'],
  ...['SecRuleUpdateTargetById 1-5 "!ARGS:/^b/"', 'SecRuleUpdateTargetByTag one "ARGS:b"'],
  ...['SecRuleUpdateTargetById 2 "ARGS:b" "ARGS"', 'SecRuleUpdateTargetByMsg m "!TX:n"'],
  ...['SecRuleUpdateActionById 1 "deny,status:418"', 'SecRuleUpdateActionById 2 "t:none,nolog"'],
  ...['SecRuleUpdateActionById 1:0 "setvar:tx.n=+1"', 'SecRuleUpdateActionById 3 "skip:1"'],
);

const HEAD = `
SecRequestBodyAccess On
SecResponseBodyAccess On
SecResponseBodyMimeType text/html
SecDataset words \`
abc
b
\`
SecDataset addresses \`
127.0.0.1
10.0.0.0/8
\`
SecAction "id:1000,phase:1,pass,nolog,setvar:tx.n=3,setvar:tx.b=b,initcol:global=all"
SecRule REQUEST_HEADERS:Content-Type "@contains xml" "id:1001,phase:1,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "@contains json" "id:1002,phase:1,pass,nolog,ctl:requestBodyProcessor=JSON"
`;

// Shows what rules left behind without a match of their own.
const TAIL = `
SecMarker END
SecAction "id:2000,phase:5,pass,log,msg:'n=%{tx.n} b=%{tx.b} 0=%{tx.0} 1=%{tx.1} ip=%{ip.n}',logdata:'%{MATCHED_VAR_NAME}=%{MATCHED_VAR} %{ENV.e} %{HIGHEST_SEVERITY} %{global.n} %{ARGS_PATH.id}'"
SecRule TX|GLOBAL|IP|SESSION|ENV "@unconditionalMatch" "id:2001,phase:5,pass,log,msg:'%{MATCHED_VAR_NAME}=%{MATCHED_VAR}',setvar:'tx.all=%{tx.all};%{MATCHED_VAR_NAME}=%{MATCHED_VAR}'"
SecAction "id:2002,phase:5,pass,log,msg:'%{tx.all}'"
`;

/** Rule texts; most load without an error. */
export const ruleSets: fc.Arbitrary<string> = fc
  .tuple(
    oneOf('On', 'On', 'On', 'DetectionOnly', 'Off'),
    oneOf('', '', 'SecParseXmlIntoArgs On', 'SecArgumentsLimit 2', 'SecCookieFormat 1'),
    oneOf('', '', 'SecDefaultAction "phase:2,deny,status:406,log,t:lowercase"'),
    fc.array(
      fc.oneof(
        { weight: 8, arbitrary: rule },
        { weight: 1, arbitrary: secAction },
        { weight: 2, arbitrary: directive },
      ),
      { minLength: 1, maxLength: MOST_RULES },
    ),
  )
  .map(([engine, setting, defaults, items]) => {
    let id = 0;
    const numbered = items.map((text) => text.replace('id:#', () => `id:${++id}`));
    return [`SecRuleEngine ${engine}`, setting, HEAD, defaults, ...numbered, TAIL].join('\n');
  });

const BODIES: readonly (readonly [type: string, body: string])[] = [
  ['application/x-www-form-urlencoded', 'b=abc&a=1&%=x&a=A'],
  ['application/json', '{"a":["1",{"b":"abc"}],"n":10}'],
  ['application/json', '{"a":'],
  ['text/xml', '<r a="1"><b>abc</b>x</r>'],
  ['text/xml', '<r>'],
  [
    'multipart/form-data; boundary=B',
    '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nabc\r\n--B\r\nContent-Disposition: form-data; name="f"; filename="x.php"\r\n\r\n<?php\r\n--B--\r\n',
  ],
  ['multipart/form-data; boundary=B', '--C\r\nbroken'],
  ['text/plain', 'a=1'],
];

const word = fc.oneof(
  oneOf(...WORDS),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
);
const pair = fc
  .tuple(oneOf('a', 'b', 'A', 'n', 'c[d]'), word)
  .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("'", '%27')}`);

export const requests: fc.Arbitrary<ExchangeRecord> = fc
  .record({
    method: oneOf('GET', 'POST', 'PUT'),
    path: oneOf('/', '/users/7', '/a/../b/', '/%61', ''),
    query: fc.array(pair, { maxLength: 4 }),
    cookie: word,
    header: word,
    sent: fc.option(fc.constantFrom(...BODIES), { nil: undefined }),
    answered: fc.option(
      fc.tuple(oneOf('200', '404', '500'), oneOf('text/html', 'image/png'), word),
      { nil: undefined },
    ),
  })
  .map(({ method, path, query, cookie, header, sent, answered }) => ({
    id: 'generated',
    timeMs: 1_790_000_000_000,
    method,
    uri: path + (query.length === 0 ? '' : `?${query.join('&')}`),
    version: 'HTTP/1.1',
    headers: [
      ['Host', 'shop.test'],
      ['Cookie', `a=${cookie}; n=1`],
      ['X-Test', header],
      ...(sent === undefined ? [] : ([['Content-Type', sent[0]]] as const)),
    ],
    ...(sent !== undefined && { body: sent[1] }),
    ...(answered !== undefined && {
      response: {
        status: Number(answered[0]),
        headers: [['Content-Type', answered[1]]] as const,
        body: answered[2],
      },
    }),
  }));
