import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Header } from '../../src/model/exchange.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { crsLoadOrder, resolveCrsDirectory } from '../../src/waf/crs-directory.ts';
import { loadPolicy } from '../../src/waf/policy.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'latin1');
const DOCUMENT = /```yaml\n# shop\.yaml\n([\s\S]*?)```/.exec(README)?.[1] ?? '';
const ROWS = [...README.matchAll(/^\| .*\| (allow|block \d+) \| `([a-z-]+)` \|.*\|$/gm)].map(
  ([, effect, row]) => `${effect} ${row}`,
);

interface Sent {
  readonly uri: string;
  readonly address?: string;
  readonly user?: string;
  readonly agent?: string;
  readonly minute?: number;
}

const ATTACK = '/?q=<script>alert(1)</script>';

/** The table's requests, in its order. */
const SENT: readonly Sent[] = [
  { uri: '/' },
  { uri: ATTACK },
  { uri: ATTACK, address: '198.51.100.4' },
  { uri: ATTACK, address: '198.51.100.9' },
  { uri: '/articles?text=<script>alert(1)</script>' },
  { uri: '/', address: '203.0.113.5' },
  { uri: '/', agent: 'ShopApp/1.4' },
  { uri: '/cart?coupon=TEST-1', user: 'ann', address: '192.0.2.20' },
  { uri: '/', user: 'ann', address: '192.0.2.20', minute: 1 },
  { uri: '/orders/11', user: 'bob', address: '192.0.2.30', minute: 1 },
];

describe("the README's shop", () => {
  const layout = resolveCrsDirectory('starter');
  if (layout.kind === 'problem') throw new Error(layout.diagnostic.message);
  const rules = crsLoadOrder(layout, {}).map((name) => ({
    name,
    text: readFileSync(name, 'latin1'),
  }));
  const waf = createWaf({ rules, policy: loadPolicy([{ name: 'shop.yaml', text: DOCUMENT }]) });
  const ask = ({
    uri,
    address = '192.0.2.1',
    user,
    agent = 'Mozilla/5.0',
    minute = 0,
  }: Sent): string => {
    const headers: Header[] = [
      ['Host', 'shop.test'],
      ['User-Agent', agent],
      ['Accept', '*/*'],
    ];
    if (user !== undefined) headers.push(['X-User', user]);
    const { decision } = waf.inspect({
      method: 'GET',
      uri,
      version: 'HTTP/1.1',
      headers,
      client: { address, port: 1 },
      timeMs: Date.UTC(2026, 10, 21, 10, minute),
    });
    return `${decision.effect}${decision.status === undefined ? '' : ` ${decision.status}`} ${decision.row}`;
  };

  it('decides as the table says', () => {
    const decisions = SENT.map((sent) => {
      if (sent.user === 'bob')
        for (let id = 1; id <= 10; id++) ask({ ...sent, uri: `/orders/${id}` });
      return ask(sent);
    });
    expect(ROWS).toHaveLength(SENT.length);
    expect(decisions).toEqual(ROWS);
  });
});
