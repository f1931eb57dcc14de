import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { utf8ByteString } from '../../src/base/bytes.ts';
import { policyJsonSchema } from '../../src/policy/document/json-schema.ts';
import { checkPolicy } from '../../src/waf/policy.ts';
import { isValid } from '../support/json-schema.ts';

const source = (rest: string): string => `sources: [{name: r, ${rest}}]`;
const signature = (rest: string): string =>
  `signatures: [{name: r, source: {userAgent: x}, ${rest}}]`;
const limit = (rest: string): string =>
  `rateLimits: [{name: r, action: block, conditions: {moreThan: 5, in: ${rest}}}]`;
const size = (value: string): string =>
  `signatures: [{name: r, action: block, payload: {part: request.bodySize, operator: greater, value: ${value}}}]`;

const GOOD: readonly string[] = [
  '{}',
  source('action: block, addresses: 192.0.2.1'),
  source(
    'action: block, addresses: [192.0.2.0/24, 0.0.0.0/0, "::/0", "2001:db8::1", "::ffff:192.0.2.1"]',
  ),
  source('action: allow, covers: everything, addresses: "::1/128"'),
  source('action: blockAllExcept, regions: [DE, US-CA]'),
  source('action: monitor, ipTypes: bot, expires: 2028-02-29'),
  source('action: block, addresses: 192.0.2.1, expires: "2027-01-01T10:00:00.5+02:00"'),
  signature('action: block, for: 1h30m, severity: high'),
  signature('action: allow, for: PT5M, inject: {request: [{name: X-A, value: b}]}'),
  signature('action: testing'),
  signature('action: monitor, severity: critical'),
  ...['90s', '5m', '1h30m', '2d', '1w', '250ms', 'PT5M', 'P1D', 'P1W', 'P1DT12H'].map(limit),
  size('1024'),
  size('64KiB'),
  'services: [{name: s, hosts: "*.shop.test", paths: [/a]}]\nendpoints: [{path: "/u/{id}", service: s}]',
];

const BROKEN: readonly string[] = [
  '[]',
  'sauces: []',
  'version: 2',
  source('action: block'),
  source('action: block, addresses: 192.0.2.1, regions: DE'),
  source('action: allow, regions: DE'),
  source('action: blockAllExcept, ipTypes: bot'),
  source('action: allow, emails: {leaked: true}'),
  ...['1.2.3', '256.1.1.1', '192.0.2.0/33', '"::1/129"', 'shop.test', '""', '5'].map((address) =>
    source(`action: block, addresses: ${address}`),
  ),
  ...['2026-13-01', '2026-02-32', '01.02.2026', '2027-01-01T25:00:00Z', '2027-01-01T10:00'].map(
    (time) => source(`action: block, addresses: 192.0.2.1, expires: ${time}`),
  ),
  ...['5', '5x', '0s', 'PT', 'P', '-5m', '5 m', '""', 'PT0S', '1.5h', 'forever'].map(limit),
  signature('action: block, inject: {request: [{name: X-A, value: b}]}'),
  signature('action: allow, severity: high'),
  signature('action: testing, severity: high'),
  signature('action: monitor, for: 5m'),
  'services: [{name: s, hosts: shop.test, paths: a}]',
  'endpoints: [{path: u}]',
  'endpoints: [{path: "/x{id}"}]',
  'rateLimits: [{name: r, action: block, conditions: {moreThan: 5, percentAbove: 5, in: 5m}}]',
];

const isTaken = (text: string): boolean =>
  checkPolicy([{ name: 'a.yaml', text: utf8ByteString(text) }]).diagnostics.every(
    ({ severity }) => severity !== 'error',
  );

describe('the JSON Schema of policy documents', () => {
  const schema = policyJsonSchema() as Readonly<Record<string, unknown>>;

  it.each(GOOD.map((text) => [text]))('accepts what is a policy: %s', (text) => {
    expect(isTaken(text)).toBe(true);
    expect(isValid(schema, parse(text))).toBe(true);
  });

  it.each(BROKEN.map((text) => [text]))('refuses what is none: %s', (text) => {
    expect(isTaken(text)).toBe(false);
    expect(isValid(schema, parse(text))).toBe(false);
  });
});
