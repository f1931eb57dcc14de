import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import { CODES } from '../../src/diagnostics/codes.ts';
import { ROWS } from '../../src/model/decision.ts';
import { checkPolicy, loadPolicy } from '../../src/waf/policy.ts';

const NOW = Date.UTC(2026, 10, 21);

/** `severity code: the text it is about` of each finding. */
function found(text: string, name?: string): readonly string[] {
  const texts = [{ name: 'a.yaml', text: utf8ByteString(text) }];
  return checkPolicy(texts, { nowMs: NOW, name }).diagnostics.map(({ severity, code, span }) => {
    expect(CODES[code], code).toBeDefined();
    return `${severity} ${code}: ${span?.source.text.slice(span.start, span.end)}`;
  });
}

const condition = (fields: string): string =>
  `signatures: [{name: r, action: block, payload: {${fields}}}]`;
const pair = (one: string, other: string): string =>
  `signatures:\n- {name: one, source: {userAgent: x}, ${one}}\n- {name: other, source: {userAgent: x}, ${other}}\n`;
const blockFirst = [
  'custom-signature-block',
  ...ROWS.filter((row) => row !== 'custom-signature-block'),
];

const WARNED: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    'everybody trusted as a proxy',
    'clientAddress: {trustedProxies: [10.0.0.0/8, "::/0"]}',
    ['warning policy-overlap: "::/0"'],
  ],
  ['everybody allowed', 'allow: {addresses: [0.0.0.0/0]}', ['warning policy-overlap: 0.0.0.0/0']],
  [
    'everybody allowed everything by a rule',
    'sources: [{name: r, action: allow, covers: everything, addresses: 0.0.0.0/0}]',
    ['warning policy-overlap: 0.0.0.0/0'],
  ],
  [
    'everybody allowed past sources',
    'sources: [{name: r, action: allow, addresses: 0.0.0.0/0}]',
    [],
  ],
  [
    'internal addresses blocked',
    'sources: [{name: r, action: block, addresses: [203.0.113.7, 192.168.1.0/24, "::1"]}]',
    ['warning policy-unreachable: 192.168.1.0/24', 'warning policy-unreachable: "::1"'],
  ],
  [
    'addresses blocked that the document calls internal',
    'internalAddresses: {ranges: [203.0.113.0/24]}\nsources: [{name: r, action: block, addresses: 203.0.113.7}]',
    ['warning policy-unreachable: 203.0.113.7'],
  ],
  [
    'internal addresses blocked where that is wanted',
    'internalAddresses: {blockSources: true}\nsources: [{name: r, action: block, addresses: 192.168.1.0/24}]',
    [],
  ],
  [
    'internal addresses among others',
    'sources: [{name: r, action: block, addresses: 192.0.0.0/8}]',
    [],
  ],
  [
    'the same allowed and blocked',
    pair('action: allow', 'action: block'),
    ['warning policy-contradiction: block'],
  ],
  [
    'the same blocked and allowed, whatever stands first',
    pair('action: block, severity: high', 'action: allow'),
    ['warning policy-contradiction: block'],
  ],
  [
    'the same blocked and allowed, with blocks first in the table',
    `table: [${blockFirst.join(', ')}]\n${pair('action: allow', 'action: block')}`,
    ['warning policy-contradiction: allow'],
  ],
  [
    'the same allowed and blocked in two environments',
    pair('action: allow, environment: a', 'action: block, environment: b'),
    [],
  ],
  ['the same allowed for a time', pair('action: allow, expires: 2027-01-01', 'action: block'), []],
  ['the same watched and blocked', pair('action: monitor', 'action: block'), []],
  [
    'a blockAllExcept that is switched off beside another',
    'sources:\n- {name: a, action: blockAllExcept, addresses: 192.0.2.1}\n- {name: b, action: blockAllExcept, addresses: 192.0.2.2, enabled: false}\n',
    [],
  ],
  [
    'two endpoints with the same path',
    'endpoints: [{method: GET, path: "/u/{id}"}, {method: GET, path: "/u/{name}", name: u}, {path: "/u/{id}"}]',
    ['warning policy-unreachable: "/u/{name}"'],
  ],
  [
    'users allowed that nobody finds',
    'allow: {actors: [ann]}',
    ['warning policy-no-source: [ann]'],
  ],
  [
    'email domains that nobody finds',
    'allow: {emailDomains: [a.test]}\nblock: {allEmailDomainsExcept: [a.test]}',
    ['warning policy-no-source: [a.test]', 'warning policy-no-source: [a.test]'],
  ],
  [
    'a path without its slash',
    condition('part: request.path, operator: startsWith, value: admin'),
    ['warning policy-never-equal: admin'],
  ],
  [
    'paths without their slash',
    condition('part: request.path, operator: notIn, value: [/a, b, "*", "http://c/"]'),
    ['warning policy-never-equal: b'],
  ],
  ['the end of a path', condition('part: request.path, operator: endsWith, value: .php'), []],
  [
    'a host with its port',
    condition('part: request.host, operator: equals, value: "shop.test:8080"'),
    ['warning policy-never-equal: "shop.test:8080"'],
  ],
  ['a host in capitals', condition('part: request.host, operator: equals, value: SHOP.test'), []],
  [
    'a host that is an address',
    condition('part: request.host, operator: equals, value: "[::1]"'),
    [],
  ],
  [
    'a method in small letters',
    condition('part: request.method, operator: in, value: [GET, post]'),
    ['warning policy-never-equal: post'],
  ],
];

const REFUSED: typeof WARNED = [
  [
    'an empty text in every value',
    condition('part: request.path, operator: contains, value: ""'),
    ['error policy-operator-value: ""'],
  ],
  ['an empty value', condition('part: request.query, operator: equals, value: ""'), []],
  [
    'a set by the name of one that comes along',
    'dataSets: [{name: pii, types: [iban]}]',
    ['error data-type-exists: pii'],
  ],
  [
    'a set by the name of a type',
    'dataTypes: [{name: own, pattern: "x{9}"}]\ndataSets: [{name: own, types: [iban]}]',
    ['error data-type-exists: own'],
  ],
  [
    'a set of a set',
    'dataSets: [{name: a, types: [iban, pii]}, {name: b, types: [a]}]',
    ['error policy-unknown-data: a'],
  ],
  [
    'two hash patterns of one name',
    'hashPatterns: [{name: s, fields: [user]}, {name: s, fields: [address]}]',
    ['error policy-duplicate: s'],
  ],
];

describe('checking what a policy can do', () => {
  it.each(WARNED)('warns of %s', (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each(REFUSED)('judges %s', (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('names the endpoint that a target means', () => {
    const text =
      'endpoints: [{method: GET, path: "/u/{id}", name: user}]\nsignatures: [{name: r, action: block, target: {endpoints: "GET /u/{id}"}}]';
    const [{ help } = {}] = checkPolicy([{ name: 'a.yaml', text }]).diagnostics;
    expect(help).toBe('did you mean "user"?');
  });
});

describe('rules for environments', () => {
  const text =
    'sources: [{name: r, action: block, addresses: 203.0.113.7, environment: [prod, stage]}]';
  const loaded = (name?: string): readonly string[] =>
    loadPolicy([{ name: 'a.yaml', text }], { name }).diagnostics.map(({ help = '' }) => help);

  it('are told of where they do nothing', () => {
    expect(loaded('prod')).toEqual([]);
    expect(loaded('Prod')).toEqual(['did you mean "prod"?']);
    expect(loaded()).toEqual(['say which environment this is: --environment prod']);
  });

  it('are checked without naming one', () => {
    expect(found(text)).toEqual([]);
    expect(found(text, 'test')).toEqual(['warning policy-unknown-environment: [prod, stage]']);
  });

  it('do not matter while they are switched off', () => {
    const off = text.replace('name: r', 'name: r, enabled: false');
    expect(loadPolicy([{ name: 'a.yaml', text: off }]).diagnostics).toEqual([]);
  });
});
