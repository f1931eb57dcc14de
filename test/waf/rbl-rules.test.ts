import { afterEach, describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { Outside } from '../../src/model/outside.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { debugTrace } from '../../src/waf/debug-log.ts';
import { checkRuleset } from '../../src/waf/load.ts';
import type { ResolveAddresses } from '../../src/waf/name-servers.ts';
import { openOutside } from '../../src/waf/outside.ts';
import { type DnsAnswer, type DnsServer, startDnsServer } from '../support/dns-server.ts';

let server: DnsServer | undefined;
let outside: Outside | undefined;
afterEach(async () => {
  await outside?.close();
  await server?.close();
  outside = undefined;
  server = undefined;
});

interface Seen {
  readonly matched: readonly number[];
  readonly errors: readonly string[];
  readonly asked: readonly string[];
  readonly log: string;
}

async function ask(
  rules: string,
  answerOf: (name: string) => DnsAnswer,
  record: Partial<ExchangeRecord> = {},
): Promise<Seen> {
  server = await startDnsServer(answerOf);
  outside = openOutside({ nameServers: { servers: [server.address], timeoutMs: 300 } });
  let log = '';
  const waf = createWaf({
    rules: `SecRuleEngine On\n${rules}`,
    outside,
    trace: debugTrace(9, { append: (text) => (log += text) }),
  });
  const { verdict } = await waf.inspect({
    method: 'GET',
    uri: '/',
    headers: [],
    client: { address: '127.0.0.2', port: 1 },
    ...record,
  });
  return {
    matched: verdict.matches.map(({ rule }) => rule.id),
    errors: verdict.errors.map(({ code }) => code),
    asked: server.asked,
    log,
  };
}

const PLAIN = 'SecRule REMOTE_ADDR "@rbl list.test" "id:1,phase:1,pass"';

describe('@rbl', () => {
  it('matches an address that the list has an entry for', async () => {
    const { matched, asked } = await ask(PLAIN, () => ['127.0.0.2']);
    expect(matched).toEqual([1]);
    expect(asked).toEqual(['2.0.0.127.list.test']);
  });

  it('does not match an address that the list has no entry for', async () => {
    const negated = PLAIN.replace('@rbl', '!@rbl').replace('id:1', 'id:2');
    expect((await ask(`${PLAIN}\n${negated}`, () => undefined)).matched).toEqual([2]);
  });

  it.each(['silent', 'broken'] as const)(
    'does not match when the name server is %s, and tells so in the debug log alone',
    async (how) => {
      const { matched, errors, log } = await ask(PLAIN, () => how);
      expect(matched).toEqual([]);
      expect(errors).toEqual([]);
      expect(log).toContain('RBL lookup of 2.0.0.127.list.test failed');
    },
  );

  it('does not match answers that are no entries', async () => {
    expect((await ask(PLAIN, () => ['203.0.113.7'])).matched).toEqual([]);
  });

  it('finds the IPv4 address inside a mapped IPv6 address', async () => {
    const client = { address: '::ffff:192.0.2.1', port: 1 };
    expect((await ask(PLAIN, () => undefined, { client })).asked).toEqual(['1.2.0.192.list.test']);
  });

  it('asks for names as they are, and for nothing that is no name', async () => {
    const rules = 'SecRule ARGS "@rbl list.test" "id:1,phase:1,pass"';
    const values = ['bad.test', 'a b.test', 'word', '', `${'a'.repeat(64)}.test`, '2001:db8::1'];
    const long = Array.from({ length: 130 }, () => 'a').join('.');
    const query = [...values, long].map((value) => `a=${encodeURIComponent(value)}`).join('&');
    const { asked, matched } = await ask(
      rules,
      (name) => (name === 'bad.test.list.test' ? ['127.0.0.2'] : undefined),
      { uri: `/?${query}` },
    );
    expect(asked).toEqual(['bad.test.list.test']);
    expect(matched).toEqual([1]);
  });

  it.each([
    [
      'portcullis',
      'RBL lookup of 2.0.0.127.zen.spamhaus.org succeeded at REMOTE_ADDR (Static UBE sources).',
    ],
    ['modsecurity3', '127.0.0.2'],
  ])('captures under %s: %s', async (compatibility, captured) => {
    const rules = `SecCompatibility ${compatibility}
SecRule REMOTE_ADDR "@rbl zen.spamhaus.org" "id:1,phase:1,pass,capture,chain"
SecRule TX:0 "@streq ${captured}" "t:none"`;
    expect((await ask(rules, () => ['127.0.0.2'])).matched).toEqual([1]);
  });

  it('resumes in the middle of a chain, an action or a list of values', async () => {
    const rules = `SecRule ARGS "@rbl list.test" "id:1,phase:1,pass,setvar:tx.n=+1,chain"
SecRule REMOTE_ADDR "@rbl list.test" "t:none"
SecRule TX:n "@eq 2" "id:2,phase:1,pass"`;
    const listed = ['b.test.list.test', 'd.test.list.test', '2.0.0.127.list.test'];
    const { matched, asked } = await ask(
      rules,
      (name) => (listed.includes(name) ? ['127.0.0.2'] : undefined),
      { uri: '/?a=a.test&b=b.test&c=c.test&d=d.test' },
    );
    expect(matched).toEqual([1, 2]);
    expect(asked).toHaveLength(5);
  });

  it('does not wait longer for many values than for one', async () => {
    const query = Array.from({ length: 50 }, (_, at) => `a=n${at}.test`).join('&');
    const rules = 'SecRule ARGS "@rbl list.test" "id:1,phase:1,pass"';
    const { asked, matched } = await ask(rules, () => 'silent', { uri: `/?${query}` });
    expect(asked).toHaveLength(1);
    expect(matched).toEqual([]);
  });

  it('matches nothing in a waf that asks nobody, with and without a second interpreter', () => {
    for (const reference of [false, true]) {
      const waf = createWaf({ rules: `SecRuleEngine On\n${PLAIN}`, reference });
      const { verdict } = waf.inspect({ method: 'GET', uri: '/', headers: [] });
      expect(verdict.matches).toEqual([]);
      expect(verdict.errors).toEqual([]);
    }
  });

  it.each(['nozone', 'two words.test', 'a..test', '-a.test'])(
    'does not load with %j, which is no zone',
    (zone) => {
      const { diagnostics } = checkRuleset(`SecRuleEngine On\nSecRule ARGS "@rbl ${zone}" "id:1"`);
      expect(diagnostics.map(({ code }) => code)).toContain('bad-operator-argument');
    },
  );
});

describe('requests that wait for name servers at the same time', () => {
  const RULES = `SecRuleEngine On
SecRule ARGS "@rx (?:select|union)" "id:1,phase:1,pass,t:lowercase,setvar:tx.score=+1"
SecRule ARGS|REQUEST_HEADERS "@rbl list.test" "id:2,phase:1,pass,capture,setvar:tx.score=+2,chain"
SecRule MATCHED_VAR "@rx ^b" "t:lowercase"
SecRule ARGS "@pm evil wicked" "id:3,phase:1,pass,t:lowercase,setvar:tx.score=+4"
SecRule ARGS_NAMES "@rbl list.test" "id:4,phase:2,pass"
SecRule TX:score "@ge 6" "id:5,phase:2,pass"
SecRule ARGS "@rx (\\w+)\\.test" "id:6,phase:2,pass,capture,msg:'%{TX.1}'"`;
  const WORDS = [
    'select',
    'UNION',
    'bad.test',
    'beta.test',
    'evil',
    'fine',
    'a.test',
    'wicked.test',
  ];

  it('are judged as one after the other', async () => {
    const listed = (name: string): boolean => /^(?:b|wicked)/.test(name);
    const waits: ResolveAddresses = async (name) => {
      await new Promise((resolve) => setTimeout(resolve, name.length % 7));
      return listed(name) ? [{ address: '127.0.0.2', ttl: 0 }] : [];
    };
    const records = Array.from({ length: 60 }, (_, at): ExchangeRecord => {
      const word = (step: number): string => WORDS[(at * step + step) % WORDS.length] ?? '';
      const uri = `/?${word(1)}=${word(3)}&b=${word(5)}&b${at}=${word(7)}${at}.test`;
      return { method: 'GET', uri, headers: [['X-Who', word(2)]] };
    });
    const verdictsOf = async (together: boolean): Promise<readonly string[]> => {
      const opened = openOutside({ nameServers: { resolve: waits } });
      const waf = createWaf({ rules: RULES, outside: opened });
      const judge = async (record: ExchangeRecord): Promise<string> => {
        const { verdict } = await waf.inspect(record);
        return JSON.stringify(
          verdict.matches.map(({ rule, value, message }) => [rule.id, value, message]),
        );
      };
      const verdicts: string[] = [];
      if (together) verdicts.push(...(await Promise.all(records.map(judge))));
      else for (const record of records) verdicts.push(await judge(record));
      await opened.close();
      return verdicts;
    };
    const alone = await verdictsOf(false);
    expect(await verdictsOf(true)).toEqual(alone);
    for (const id of [1, 2, 3, 4, 5, 6]) {
      expect(alone.some((verdict) => verdict.includes(`[${id},`))).toBe(true);
    }
  });
});

describe('@rbl with the list of Project Honey Pot', () => {
  const RULES = `SecHttpBlKey abcdefghijkl
SecRule REMOTE_ADDR "@rbl dnsbl.httpbl.org" "id:1,phase:1,pass,capture,chain"
SecRule TX:0 "@contains Harvester IP: 3 days since last activity, threat score 10" "t:none"`;

  it('asks with the key, tells what the entry means, and keeps the key out of captures', async () => {
    const { matched, asked } = await ask(
      `${RULES}\nSecRule TX:0 "@contains abcdefghijkl" "id:2,phase:1,pass"`,
      () => ['127.3.10.2'],
    );
    expect(matched).toEqual([1]);
    expect(asked).toEqual(['abcdefghijkl.2.0.0.127.dnsbl.httpbl.org']);
  });

  it('does not ask for names', async () => {
    const rules = 'SecHttpBlKey abcdefghijkl\nSecRule ARGS "@rbl dnsbl.httpbl.org" "id:1,phase:1"';
    expect((await ask(rules, () => ['127.3.10.2'], { uri: '/?a=a.test' })).asked).toEqual([]);
  });

  it('never asks without a key, and the load says so', async () => {
    const rules = 'SecRule REMOTE_ADDR "@rbl dnsbl.httpbl.org" "id:1,phase:1,pass"';
    expect((await ask(rules, () => ['127.3.10.2'])).asked).toEqual([]);
    const { diagnostics } = checkRuleset(`SecRuleEngine On\n${rules}`);
    expect(diagnostics.map(({ code }) => code)).toContain('missing-list-key');
  });

  it('does not load with a key that is none', () => {
    const { diagnostics } = checkRuleset('SecRuleEngine On\nSecHttpBlKey a.b');
    expect(diagnostics.map(({ code }) => code)).toEqual(['bad-list-key']);
  });
});
