import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareVerdicts } from '../../src/cli/bench-agreement.ts';
import { peerTexts } from '../../src/cli/bench-peer-rules.ts';
import { requestsPerRound } from '../../src/cli/bench-rounds.ts';
import { percentile, summarize } from '../../src/cli/bench-samples.ts';
import type { RecordVerdict } from '../../src/cli/bench-subject.ts';
import { verdictDigest } from '../../src/cli/bench-verdict.ts';
import { packagedCrsFile } from '../../src/waf/crs-directory.ts';
import { portcullis } from '../support/command.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-bench-test-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
};

const RULES = write(
  'rules.conf',
  `SecRuleEngine On
SecRequestBodyAccess On
SecRule ARGS "@contains evil" "id:1,phase:2,deny,status:406,log"
SecRule ARGS "@contains odd" "id:2,phase:2,pass,log"
`,
);
const HEADERS = write(
  'headers.conf',
  `SecRuleEngine On
SecRule REQUEST_HEADERS|REQUEST_HEADERS_NAMES "@rx shop" "id:1,phase:1,pass,log"
`,
);
const record = (id: string, uri: string): string =>
  JSON.stringify({ id, method: 'GET', uri, headers: [['Host', 'shop.test']] });
const TRAFFIC = write(
  'traffic.jsonl',
  [record('a', '/?q=evil'), record('b', '/?q=odd'), record('c', '/?q=plain')].join('\n'),
);
const QUICK = ['--seconds', '0.05', '--rounds', '2'];

interface Report {
  readonly requests: number;
  readonly verdict_digest: string;
  readonly us_rounds: readonly number[];
  readonly value_cache: { readonly hits: number; readonly misses: number } | null;
  readonly peers: Readonly<
    Record<
      string,
      { readonly requests: number; readonly verdict_digest: string; readonly agreement: object }
    >
  >;
}

async function bench(args: readonly string[]): Promise<{ status: number | null; report: Report }> {
  const { status, stdout, stderr } = await portcullis(['bench', '--json', ...QUICK, ...args]);
  if (stdout === '') throw new Error(`no report: ${stderr}`);
  return { status, report: JSON.parse(stdout) as Report };
}

describe('portcullis bench', () => {
  it('prints the promised keys as one JSON object', async () => {
    const { status, report } = await bench(['--rules', RULES, TRAFFIC]);
    expect(status).toBe(0);
    expect(report).toMatchObject({
      records: 3,
      matched: 2,
      interrupted: 1,
      changed: 0,
      requests: expect.any(Number),
      seconds: expect.any(Number),
      us_mean: expect.any(Number),
      us_p50: expect.any(Number),
      us_p99: expect.any(Number),
      load_ms: expect.any(Number),
      rss_mb: expect.any(Number),
      verdict_digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      peers: {},
    });
    expect(report.us_rounds).toHaveLength(2);
    // Every round takes as many; how many is up to the machine.
    expect(report.requests % 2).toBe(0);
    expect(report.requests).toBeGreaterThan(0);
  });

  it('gives the same digest in every run, and another one for another verdict', async () => {
    const first = await bench(['--rules', RULES, TRAFFIC]);
    const again = await bench(['--rules', RULES, '--fresh', TRAFFIC]);
    const passing = await bench(['--rules', RULES, '--engine', 'DetectionOnly', TRAFFIC]);
    expect(again.report.verdict_digest).toBe(first.report.verdict_digest);
    expect(passing.report.verdict_digest).not.toBe(first.report.verdict_digest);
  });

  it('says the same with names and header values learnt anew in each request', async () => {
    const usual = await bench(['--rules', HEADERS, TRAFFIC]);
    const without = await bench(['--rules', HEADERS, '--no-value-cache', TRAFFIC]);
    expect(usual.report.value_cache?.hits).toBeGreaterThan(0);
    expect(without.report.value_cache).toBeNull();
    expect(without.report.verdict_digest).toBe(usual.report.verdict_digest);
  });

  it('covers matched rules and interruption with the digest', async () => {
    const { report } = await bench(['--rules', RULES, TRAFFIC]);
    expect(report.verdict_digest).toBe(
      verdictDigest([
        { matched: [1], interruption: { rule: 1, phase: 2, status: 406 } },
        { matched: [2], interruption: null },
        { matched: [], interruption: null },
      ]),
    );
  });

  it('measures only the first records when asked', async () => {
    const { report } = await bench(['--rules', RULES, '--limit', '1', TRAFFIC]);
    expect(report).toMatchObject({ records: 1, matched: 1 });
  });

  it('prints a table for people', async () => {
    const { status, stdout } = await portcullis(['bench', ...QUICK, '--rules', RULES, TRAFFIC]);
    expect(status).toBe(0);
    expect(stdout).toContain('sha256:');
    expect(() => JSON.parse(stdout)).toThrow();
  });

  it('ends with 1 when verdicts change between passes, unless rules are loaded anew', async () => {
    const counting = write(
      'counting.conf',
      `SecRuleEngine On
SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.seen=+1"
SecRule IP:SEEN "@gt 3" "id:2,phase:1,pass,log"
`,
    );
    const stateful = await portcullis(['bench', ...QUICK, '--rules', counting, TRAFFIC]);
    expect(stateful.status).toBe(1);
    const once = ['--seconds', '0.000001', '--rounds', '2', '--limit', '1', '--fresh'];
    const anew = await portcullis(['bench', ...once, '--rules', counting, TRAFFIC]);
    expect(anew.status).toBe(0);
  });

  it('ends with 1 on records that cannot be read and on files without any', async () => {
    const broken = write('broken.jsonl', `${record('a', '/')}\n{"method":5}\n`);
    const empty = write('empty.jsonl', '');
    for (const path of [broken, empty]) {
      const { status, stdout } = await portcullis(['bench', '--rules', RULES, path]);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    }
  });

  it.each([
    { name: 'a peer that nobody knows', args: ['--peer', 'nobody', TRAFFIC] },
    { name: 'no time', args: ['--seconds', '0', TRAFFIC] },
    { name: 'half a round', args: ['--rounds', '0.5', TRAFFIC] },
    { name: 'a missing file', args: [join(FOLDER, 'absent.jsonl')] },
    { name: 'no file at all', args: [] },
  ])('ends with 2 on $name', async ({ args }) => {
    const { status, stdout } = await portcullis(['bench', '--rules', RULES, ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('says what to install when a peer cannot be built', async () => {
    const { status, stderr } = await portcullis(
      ['bench', '--rules', RULES, '--peer', 'libmodsecurity', TRAFFIC],
      { env: { PATH: FOLDER } },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('apt-get install libmodsecurity-dev');
  });
});

function libmodsecurityIsThere(): boolean {
  try {
    execFileSync('pkg-config', ['--exists', 'modsecurity'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env['CI'] === 'true') return true;
    console.warn('skipped: portcullis bench --peer libmodsecurity: libmodsecurity-dev is missing');
    return false;
  }
}

describe.skipIf(!libmodsecurityIsThere())('portcullis bench --peer libmodsecurity', () => {
  it('measures the peer on the same requests and finds the same verdicts', async () => {
    const { status, report } = await bench(['--rules', RULES, '--peer', 'libmodsecurity', TRAFFIC]);
    expect(status).toBe(0);
    const peer = report.peers['libmodsecurity'];
    expect(peer).toMatchObject({
      version: expect.stringMatching(/^3\./),
      requests: report.requests,
      changed: 0,
      verdict_digest: report.verdict_digest,
      us_mean: expect.any(Number),
      us_p50: expect.any(Number),
      us_p99: expect.any(Number),
      load_ms: expect.any(Number),
      rss_mb: expect.any(Number),
      ratio: expect.any(Number),
      agreement: { records: 3, equal: 3, explained: 0, unexplained: 0, differences: [] },
    });
  });

  it('loads our engine settings, less the rule that only we understand', async () => {
    const settings = packagedCrsFile('engine.conf');
    const rules = ['--rules', settings, '--rules', RULES];
    const { status, report } = await bench([...rules, '--peer', 'libmodsecurity', TRAFFIC]);
    expect(report.peers['libmodsecurity']?.agreement).toMatchObject({ equal: 3 });
    expect(status).toBe(0);
  });

  it('ends with 1 on a difference without a known reason, and names rule and record', async () => {
    // Not reported there: a rule without auditlog never reaches its server log.
    const rules = write(
      'silent.conf',
      'SecRuleEngine On\nSecAction "id:7,phase:1,pass,log,noauditlog"',
    );
    const { status, report } = await bench(['--rules', rules, '--peer', 'libmodsecurity', TRAFFIC]);
    expect(status).toBe(1);
    expect(report.peers['libmodsecurity']?.agreement).toMatchObject({
      equal: 0,
      unexplained: 3,
      differences: [{ rule: 7, kind: 'missing', reason: null, records: ['a', 'b', 'c'] }],
    });
  });

  it('ends with 1 and what the peer said when it refuses the rules', async () => {
    const rules = write('own.conf', 'SecRule MULTIPART_PEER_DISAGREES "@eq 1" "id:7,phase:2,deny"');
    const { status, stderr } = await portcullis([
      ...['bench', '--rules', rules, '--peer', 'libmodsecurity', TRAFFIC],
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('MULTIPART_PEER_DISAGREES');
  });
});

describe('compareVerdicts', () => {
  const said = (...matched: number[]): RecordVerdict => ({ matched, interruption: null });
  const item = (id: string, uri = '/') => ({ id, record: { method: 'GET', uri, headers: [] } });

  it('names each difference with its records and its known reason', () => {
    const stopped = { matched: [], interruption: { rule: 3, phase: 1 as const, status: 403 } };
    const agreement = compareVerdicts(
      [item('a'), item('b'), item('c', '/special'), item('d')],
      [said(1), said(1, 2), said(), stopped],
      [said(1), said(2), said(5), said()],
      [{ reason: 'known', rules: [5], kind: 'extra', uri: 'special' }],
    );
    expect(agreement).toEqual({
      records: 4,
      equal: 1,
      explained: 1,
      unexplained: 2,
      differences: [
        { rule: 1, kind: 'missing', reason: null, records: ['b'] },
        { rule: 5, kind: 'extra', reason: 'known', records: ['c'] },
        { rule: '3:1:403 / -', kind: 'interruption', reason: null, records: ['d'] },
      ],
    });
  });

  it('explains what follows from other rules only beside a known difference of the same record', () => {
    const known = [
      { reason: 'known', rules: [5] },
      { reason: 'follows', rules: [9], follows: true },
    ];
    const ours = [said(), said()];
    const agreement = compareVerdicts([item('a'), item('b')], ours, [said(5, 9), said(9)], known);
    expect(agreement).toMatchObject({ explained: 1, unexplained: 1 });
  });
});

describe('requestsPerRound', () => {
  const plan = { records: 100, rounds: 5, seconds: 10, fromStart: false };

  it.each([
    { name: 'whole passes when there is time', slowestUs: 9_000, expected: 200 },
    { name: 'part of the file when there is not', slowestUs: 40_000, expected: 50 },
    { name: 'one request at least', slowestUs: 1e9, expected: 1 },
  ])('gives $name', ({ slowestUs, expected }) => {
    expect(requestsPerRound(plan, slowestUs)).toBe(expected);
  });
});

describe('summarize', () => {
  it('takes percentiles by nearest rank and keeps the mean of each round', () => {
    const times = summarize([Float64Array.of(1, 2, 3), Float64Array.of(10)]);
    expect(times).toMatchObject({ requests: 4, usMean: 4, usP50: 2, usMax: 10, rounds: [2, 10] });
    expect(times.seconds).toBeCloseTo(16e-6);
    expect(
      percentile(
        Float64Array.from({ length: 100 }, (_, index) => index + 1),
        0.99,
      ),
    ).toBe(99);
  });
});

describe('peerTexts', () => {
  it('leaves out foreign rules and default actions that a later file sets again', () => {
    const sources = [
      {
        name: 'a',
        text: 'SecDefaultAction "phase:1,log,pass"\nSecAction "id:1,pass"\nSecRule ARGS a "id:2"\n',
      },
      {
        name: 'b',
        text: 'SecDefaultAction "phase:1,log,deny"\nSecDefaultAction "phase:2,log,pass"\n',
      },
    ];
    const peer = { foreignRules: [2], foreignSettings: [], settings: '' };
    const [first, second] = peerTexts(sources, peer);
    expect(first?.trim()).toBe('SecAction "id:1,pass"');
    expect(second).toBe(sources[1]?.text);
  });

  it('leaves out settings that mean something else there', () => {
    const text = 'SecResponseBodyMimeTypesClear\nSecResponseBodyMimeType text/html\n';
    const foreignSettings = ['secresponsebodymimetypesclear'];
    const peer = { foreignRules: [], foreignSettings, settings: '' };
    expect(peerTexts([{ name: 'a', text }], peer)).toEqual([
      '\nSecResponseBodyMimeType text/html\n',
    ]);
  });
});
