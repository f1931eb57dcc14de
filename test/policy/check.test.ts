import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import { CODES } from '../../src/diagnostics/codes.ts';
import { createLocator } from '../../src/diagnostics/position.ts';
import { checkPolicy } from '../../src/waf/policy.ts';

const NOW = Date.UTC(2026, 10, 21);

/** `severity code line:column` of each finding. */
function found(...texts: string[]): readonly string[] {
  const named = texts.map((text, at) => ({ name: `${'ab'[at]}.yaml`, text: utf8ByteString(text) }));
  const { diagnostics } = checkPolicy(named, { nowMs: NOW, files: { read: () => undefined } });
  // Examples are about one field each; facts without a source have a test of their own.
  const shown = diagnostics.filter(({ code }) => code !== 'policy-no-source');
  return shown.map(({ severity, code, span }) => {
    expect(CODES[code], code).toBeDefined();
    if (span === undefined) return `${severity} ${code}`;
    const { line, column } = createLocator().position(span.source, span.start);
    return `${severity} ${code} ${line}:${column}`;
  });
}

const source = (rest: string): string => `sources:\n- name: r\n  ${rest}\n`;
const signature = (rest: string): string => `signatures:\n- name: r\n  ${rest}\n`;
const limit = (rest: string): string =>
  `rateLimits:\n- name: r\n  conditions: {moreThan: 1, in: 1m}\n  ${rest}\n`;
const data = (rest: string): string =>
  `dataLossPrevention:\n- name: r\n  kind: request\n  ${rest}\n`;

const TABLE: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  // The matrix of actions.
  [
    'addresses blocked',
    source('{action: block, addresses: 192.0.2.1}')
      .replace('\n  {', '\n  ')
      .replace('}\n', '\n')
      .replace(', a', '\n  a'),
    [],
  ],
  ['an address allowed', source('action: allow\n  addresses: 192.0.2.1'), []],
  ['all but an address blocked', source('action: blockAllExcept\n  addresses: 192.0.2.1'), []],
  ['an address watched', source('action: monitor\n  addresses: 192.0.2.1'), []],
  ['a region blocked', source('action: block\n  regions: DE'), []],
  ['a region allowed', source('action: allow\n  regions: DE'), ['error policy-action-matrix 3:11']],
  ['all but a region', source('action: blockAllExcept\n  regions: [DE, US-CA]'), []],
  ['emails blocked', source('action: block\n  emails: {disposable: true}'), []],
  [
    'emails allowed',
    source('action: allow\n  emails: {disposable: true}'),
    ['error policy-action-matrix 3:11'],
  ],
  [
    'all but emails',
    source('action: blockAllExcept\n  emails: {leaked: true}'),
    ['error policy-action-matrix 3:11'],
  ],
  ['a kind of address watched', source('action: monitor\n  ipTypes: bot'), []],
  [
    'a kind of address allowed',
    source('action: allow\n  ipTypes: bot'),
    ['error policy-action-matrix 3:11'],
  ],
  [
    'all but a kind of address',
    source('action: blockAllExcept\n  ipTypes: bot'),
    ['error policy-action-matrix 3:11'],
  ],
  [
    'scanners as a source',
    source('action: block\n  ipTypes: scanner'),
    ['error policy-unknown-value 4:12'],
  ],
  // Source rules.
  ['no criterion', source('action: block'), ['error policy-source-criterion 2:3']],
  [
    'two criteria',
    source('action: block\n  regions: DE\n  ipTypes: bot'),
    ['error policy-source-criterion 5:12'],
  ],
  [
    'emails that name nothing',
    source('action: block\n  emails: {}'),
    ['error policy-source-criterion 4:11'],
  ],
  [
    'covers without allow',
    source('action: block\n  covers: everything\n  regions: DE'),
    ['error policy-field-without-effect 4:11'],
  ],
  [
    'a second block all except',
    `${source('action: blockAllExcept\n  regions: DE')}- name: s\n  action: blockAllExcept\n  addresses: 192.0.2.1\n`,
    ['error policy-second-block-all-except 6:11'],
  ],
  [
    'block all except in two environments',
    `${source('action: blockAllExcept\n  regions: DE\n  environment: a')}- name: s\n  action: blockAllExcept\n  addresses: 192.0.2.1\n  environment: b\n`,
    [],
  ],
  [
    'an address that is none',
    source('action: block\n  addresses: [192.0.2.1, 192.0.2.256]'),
    ['error policy-wrong-value 4:26'],
  ],
  // Names.
  [
    'two rules of a name',
    `${source('action: block\n  regions: DE')}- name: r\n  action: block\n  regions: FR\n`,
    ['error policy-duplicate 5:9'],
  ],
  [
    'one name in two types',
    `${source('action: block\n  regions: DE')}${signature('action: block\n  secRule: SecRule ARGS x id:1,phase:2,deny')}`,
    [],
  ],
  [
    'a number as a name',
    'sources:\n- name: 1\n  action: block\n  regions: DE\n',
    ['error policy-wrong-type 2:9'],
  ],
  [
    'no form, and a mapping left out',
    'attribution:\n- {header: Authorization}\nrateLimits:\n- {name: a, action: block}\n',
    ['error policy-missing-field 2:3', 'error policy-missing-field 4:3'],
  ],
  ['no name', 'sources:\n- action: block\n  regions: DE\n', ['error policy-missing-field 2:3']],
  ['an unknown field', 'surces: []\n', ['error policy-unknown-field 1:1']],
  ['an unknown action', source('action: deny\n  regions: DE'), ['error policy-unknown-value 3:11']],
  ['no YAML', 'sources: [\n', ['error policy-syntax 2:1']],
  ['a key twice', 'sources: []\nsources: []\n', ['error policy-syntax 2:1']],
  // Signatures.
  ['no criteria', signature('action: block'), ['error policy-no-criteria 2:3']],
  [
    'severity of an allow',
    signature('action: allow\n  severity: high\n  target: {urls: /a}'),
    ['error policy-field-without-effect 4:13'],
  ],
  [
    'severity of a monitor',
    signature('action: monitor\n  severity: high\n  target: {urls: /a}'),
    [],
  ],
  [
    'injecting into a block',
    signature('action: block\n  inject: {request: [{name: A, value: b}]}\n  target: {urls: /a}'),
    ['error policy-inject-and-block 4:11'],
  ],
  [
    'a while for a monitor',
    signature('action: monitor\n  for: 5m\n  target: {urls: /a}'),
    ['error policy-field-without-effect 4:8'],
  ],
  [
    'a header that is none',
    signature(
      'action: monitor\n  inject: {request: [{name: "a b", value: c}]}\n  target: {urls: /a}',
    ),
    ['error policy-wrong-value 4:29'],
  ],
  [
    'a header with a line end',
    signature(
      'action: monitor\n  inject: {request: [{name: A, value: "b\\r\\nC: d"}]}\n  target: {urls: /a}',
    ),
    ['error policy-wrong-value 4:39'],
  ],
  [
    'an operator without its value',
    signature('action: block\n  payload: {part: request.path, operator: equals}'),
    ['error policy-operator-value 4:43'],
  ],
  [
    'a value for exists',
    signature('action: block\n  payload: {part: request.path, operator: exists, value: x}'),
    ['error policy-operator-value 4:58'],
  ],
  [
    'a text compared as a number',
    signature('action: block\n  payload: {part: response.status, operator: greater, value: "10"}'),
    ['error policy-operator-value 4:62'],
  ],
  [
    'a size with a unit',
    signature(
      'action: block\n  payload: {part: request.bodySize, operator: greater, value: 64KiB}',
    ),
    [],
  ],
  [
    'a size that is none',
    signature(
      'action: block\n  payload: {part: request.bodySize, operator: greater, value: 64 KB}',
    ),
    ['error policy-operator-value 4:63'],
  ],
  [
    'a day that is not in the month',
    source('action: block\n  addresses: 192.0.2.1\n  expires: 2027-02-30'),
    ['error policy-wrong-value 5:12'],
  ],
  [
    'a field that frames messages, added: Content-Length',
    signature(
      'action: monitor\n  payload: {part: request.path, operator: exists}\n  inject: {request: [{name: Content-Length, value: "5"}]}',
    ),
    ['error policy-wrong-value 5:29'],
  ],
  [
    'a field that frames messages, added: transfer-encoding',
    signature(
      'action: monitor\n  payload: {part: request.path, operator: exists}\n  inject: {request: [{name: transfer-encoding, value: "5"}]}',
    ),
    ['error policy-wrong-value 5:29'],
  ],
  [
    'a field that frames messages, added: Transfer_Encoding',
    signature(
      'action: monitor\n  payload: {part: request.path, operator: exists}\n  inject: {request: [{name: Transfer_Encoding, value: "5"}]}',
    ),
    ['error policy-wrong-value 5:29'],
  ],
  [
    'a field that frames messages, added: Host',
    signature(
      'action: monitor\n  payload: {part: request.path, operator: exists}\n  inject: {request: [{name: Host, value: "5"}]}',
    ),
    ['error policy-wrong-value 5:29'],
  ],
  [
    'a field that frames messages, added: Content-Length',
    signature(
      'action: monitor\n  payload: {part: request.path, operator: exists}\n  inject: {response: [{name: Content-Length, value: "5"}]}',
    ),
    ['error policy-wrong-value 5:30'],
  ],
  [
    'a field that frames messages, added: Connection',
    signature(
      'action: monitor\n  payload: {part: request.path, operator: exists}\n  inject: {response: [{name: Connection, value: "5"}]}',
    ),
    ['error policy-wrong-value 5:30'],
  ],
  [
    'a name for a part without names',
    signature(
      'action: block\n  payload: {part: request.path, name: x, operator: equals, value: /x}',
    ),
    ['error policy-name-without-part 4:39'],
  ],
  [
    'a list that is not there',
    signature('action: block\n  payload: {part: request.path, operator: in, value: nobody}'),
    ['error policy-operator-value 4:54'],
  ],
  [
    'a broken pattern',
    signature('action: block\n  target: {urls: "a("}'),
    ['error policy-pattern 4:18'],
  ],
  [
    'a pattern out of the linear class',
    signature('action: block\n  target: {urls: "(.*)x\\\\1"}'),
    ['error policy-pattern-not-linear 4:18'],
  ],
  [
    'an unknown attribute',
    signature('action: block\n  attributes: {attribute: rank, operator: equals, value: x}'),
    ['error policy-unknown-attribute 4:27'],
  ],
  [
    'an unknown endpoint',
    signature('action: block\n  target: {endpoints: /x}'),
    ['error policy-unknown-name 4:23'],
  ],
  [
    'a Sec Rule with msg alone',
    signature('action: block\n  secRule: SecRule ARGS x "id:1,phase:2,deny,msg:a"'),
    ['error msg-without-logdata 1:35'],
  ],
  [
    'a Sec Rule that cannot be read',
    signature('action: block\n  secRule: SecRule ARGX x "id:1,phase:2,deny"'),
    ['error unknown-variable 1:9'],
  ],
  // Thresholds.
  ['a limit', limit('action: block'), []],
  [
    'a while for a watching limit',
    limit('action: monitor\n  for: 5m'),
    ['error policy-field-without-effect 5:8'],
  ],
  [
    'a duration that is none',
    limit('action: block\n  for: five minutes'),
    ['error policy-wrong-value 5:8'],
  ],
  [
    'a baseline of one window',
    'rateLimits:\n- name: r\n  action: block\n  conditions: {percentAbove: 10, in: 1h, baseline: 1h}\n',
    ['error policy-baseline-too-short 4:15'],
  ],
  [
    'data for an enumeration of paths',
    'enumeration:\n- name: r\n  of: path\n  data: email\n  action: block\n  conditions: {moreThan: 1, in: 1m}\n',
    ['error policy-field-without-effect 4:9'],
  ],
  // Data.
  ['an unknown data type', data('data: emial\n  action: block'), ['error policy-unknown-data 4:9']],
  [
    'redacting requests',
    data('data: email\n  in: request\n  action: redact'),
    ['error policy-redact-request 5:7'],
  ],
  [
    'an own type with a bad name',
    'dataTypes:\n- {name: A B, pattern: x}\n',
    ['error bad-data-type-name 2:10'],
  ],
  [
    'an unknown kind',
    'dataLossPrevention:\n- {name: r, kind: all}\n',
    ['error policy-unknown-value 2:19'],
  ],
  // The table.
  ['a table without rows', 'table: [fallback]\n', ['error policy-table 1:8']],
  // Contradictions.
  [
    'an expired rule',
    source('action: block\n  regions: DE\n  expires: 2026-01-01'),
    ['warning policy-expired 5:12'],
  ],
  [
    'the same rule twice',
    `${source('action: block\n  regions: DE')}- name: s\n  action: block\n  regions: DE\n`,
    ['warning policy-repeated 5:3'],
  ],
  [
    'a range that is allowed',
    `allow: {addresses: [192.0.2.0/24]}\n${source('action: block\n  addresses: 192.0.2.7')}`,
    ['warning policy-unreachable 5:14'],
  ],
  [
    'a user allowed and blocked',
    'allow: {actors: [ann]}\nblock: {actors: [bob, ann]}\n',
    ['warning policy-contradiction 2:23'],
  ],
  // Who is asking.
  [
    'a file of intelligence that is missing',
    'intelligence: {geo: {mmdb: nowhere.mmdb}}\n',
    ['warning missing-intelligence-file 1:28'],
  ],
];

describe('checking a policy', () => {
  it.each(TABLE)('judges %s', (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('reports all problems of all files at once', () => {
    expect(
      found(source('action: deny\n  regions: DEU\n  colour: red'), 'table: []\nsorces: []\n'),
    ).toEqual([
      'error policy-unknown-value 3:11',
      'error policy-wrong-value 4:12',
      'error policy-unknown-field 5:3',
      'error policy-table 1:8',
      'error policy-unknown-field 2:1',
    ]);
  });

  it('joins the rules of several files, and refuses sections that two files have', () => {
    const one = source('action: block\n  regions: DE');
    const other = 'sources:\n- name: s\n  action: block\n  regions: FR\n';
    expect(found(one, other)).toEqual([]);
    expect(found(one, one)).toEqual(['warning policy-repeated 2:3', 'error policy-duplicate 2:9']);
    expect(found('allow: {}\n', 'allow: {}\n')).toEqual(['error policy-duplicate 1:1']);
  });

  it('places findings behind letters that take several bytes', () => {
    expect(found('sources:\n- {name: Übung, action: blöck, regions: DE}\n')).toEqual([
      'error policy-unknown-value 2:25',
    ]);
  });

  it.each([
    ['no text', ''],
    ['a list', '- a\n'],
    ['a number', '7\n'],
    ['no UTF-8', 'a: \xff\n'],
    [
      'aliases that blow up',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]`)
        .join('\n')}\n`,
    ],
  ])('never throws: %s', (_name, text) => {
    expect(() => found(text)).not.toThrow();
  });
});
