import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { portcullis } from '../support/command.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-eval-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const RULES = join(FOLDER, 'rules.conf');
writeFileSync(
  RULES,
  `SecRuleEngine On
SecRequestBodyAccess On
SecRule ARGS "@contains evil" "id:1,phase:2,deny,status:406,log"
SecRule ARGS "@contains quiet" "id:2,phase:2,pass,nolog"
SecRule ARGS "@rx (a+)\\1b" "id:3,phase:2,pass,log"
`,
);

async function evaluate(
  lines: readonly string[],
  args: readonly string[] = [],
): Promise<{ status: number | null; lines: Record<string, unknown>[] }> {
  const input = lines.join('\n');
  const { status, stdout } = await portcullis(['eval', '--rules', RULES, ...args, '-'], { input });
  const printed = stdout.split('\n').filter((line) => line !== '');
  return { status, lines: printed.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const get = (uri: string, id = 'a'): string =>
  JSON.stringify({ id, method: 'GET', uri, headers: [['Host', 'shop.test']] });

describe('portcullis eval', () => {
  it('keeps compiled rules where it is told to, and judges the same with and without them', async () => {
    const cache = join(FOLDER, 'cache');
    const records = [get('/?q=evil'), get('/?q=aab'), get('/?q=good')];
    const uncached = await evaluate(records, ['--no-cache']);
    expect(existsSync(cache)).toBe(false);
    for (let time = 0; time < 2; time++) {
      expect(await evaluate(records, ['--cache', cache])).toEqual(uncached);
      expect(readdirSync(cache)).toHaveLength(1);
    }
    writeFileSync(join(cache, readdirSync(cache)[0] as string), 'damaged');
    const { status, stdout, stderr } = await portcullis(
      ['eval', '--rules', RULES, '--cache', cache, '-'],
      { input: records.join('\n') },
    );
    expect(status).toBe(0);
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(3);
    expect(stderr).toContain(cache);
  });

  it('prints the promised line for a blocked and for a passed exchange', async () => {
    const { status, lines } = await evaluate([get('/?q=evil', 'a1'), get('/?q=good', 'a2')]);
    expect(status).toBe(0);
    expect(lines).toEqual([
      {
        id: 'a1',
        matched: [1],
        interruption: { rule: 1, phase: 2, action: 'deny', status: 406 },
        decision: { effect: 'block', row: 'signature-block', status: 406 },
        scores: { inbound: 0, outbound: 0 },
        errors: [],
      },
      {
        id: 'a2',
        matched: [],
        interruption: null,
        decision: { effect: 'allow', row: 'fallback' },
        scores: { inbound: 0, outbound: 0 },
        errors: [],
      },
    ]);
  });

  it('warns once of each field that nobody reads, with its line, and judges the same', async () => {
    const plain = { method: 'GET', uri: '/?q=evil', headers: [['Host', 'shop.test']] };
    const odd = { ...plain, timeMs: 1, _note: 'x', response: { status: 200, header: [] } };
    const records = [plain, odd, odd, { ...odd, verb: 'GET' }];
    const input = records.map((record) => JSON.stringify(record)).join('\n');
    const file = join(FOLDER, 'odd.jsonl');
    writeFileSync(file, input);
    const { status, stdout, stderr } = await portcullis(['eval', '--rules', RULES, file]);
    expect(status).toBe(0);
    const judged = stdout.split('\n').filter((line) => line !== '');
    expect(judged.map((line) => (JSON.parse(line) as { matched: number[] }).matched)).toEqual([
      [1],
      [1],
      [1],
      [1],
    ]);
    const told = stderr.split('\n').filter((line) => line !== '');
    expect(told.map((line) => line.split(' is ')[0])).toEqual([
      `${file}:2: warning: "timeMs"`,
      `${file}:2: warning: "response.header"`,
      `${file}:4: warning: "verb"`,
    ]);
  });

  it('stops warning where names are without number', async () => {
    const input = Array.from({ length: 100 }, (_, at) =>
      JSON.stringify({ method: 'GET', uri: '/', [`field${at}`]: 1 }),
    ).join('\n');
    const { status, stderr } = await portcullis(['eval', '--rules', RULES, '-'], { input });
    expect(status).toBe(0);
    expect(stderr.split('\n').filter((line) => line.startsWith('-:'))).toHaveLength(21);
  });

  it('shows a time as it is to be written where it cannot read one', async () => {
    const { status, lines } = await evaluate([
      JSON.stringify({ method: 'GET', uri: '/', time: 1_763_719_200_000 }),
    ]);
    expect(status).toBe(1);
    const said = JSON.stringify(lines[0]?.['errors']);
    const example = /"(\d{4}-[^"\\]*)\\"/.exec(said)?.[1] ?? '';
    expect(said).toContain('1763719200000');
    expect(new Date(example).getTime()).toBeGreaterThan(0);
  });

  it('lists rules with nolog when asked', async () => {
    expect((await evaluate([get('/?q=quiet')])).lines[0]?.['matched']).toEqual([]);
    expect((await evaluate([get('/?q=quiet')], ['--all-matches'])).lines[0]?.['matched']).toEqual([
      2,
    ]);
  });

  it('prints a line for each line of input, goes on behind broken ones, and ends with 1', async () => {
    const { status, lines } = await evaluate([
      '',
      '{"id":"cut"',
      'null',
      '{"id":"n","method":5,"uri":"/"}',
      '{"method":"GET","uri":"/","body_b64":"***"}',
      '{"method":"GET","uri":"/","headers":[["a"]]}',
      get('/?q=evil', 'last'),
    ]);
    expect(status).toBe(1);
    expect(lines).toHaveLength(7);
    for (const line of lines.slice(0, 6)) {
      expect(line['errors']).toMatchObject([{ code: 'bad-record' }]);
    }
    expect(lines[3]?.['id']).toBe('n');
    expect(lines[6]).toMatchObject({ id: 'last', matched: [1] });
  });

  it('reads records behind a byte order mark', async () => {
    const { status, lines } = await evaluate([`\ufeff${get('/?q=evil')}\r`, get('/')]);
    expect(status).toBe(0);
    expect(lines.map(({ matched }) => matched)).toEqual([[1], []]);
  });

  it('keeps a line whole that holds U+2028', async () => {
    const { status, lines } = await evaluate([get('/?q=\u2028evil')]);
    expect(status).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.['matched']).toEqual([1]);
  });

  it('overrides the engine mode', async () => {
    const { lines } = await evaluate([get('/?q=evil')], ['--engine', 'DetectionOnly']);
    expect(lines[0]).toMatchObject({ matched: [1], interruption: null });
  });

  it('reads raw requests and HAR files', async () => {
    const raw = join(FOLDER, 'one.http');
    writeFileSync(raw, 'GET /?q=evil HTTP/1.1\r\nHost: shop.test\r\n\r\n');
    const { stdout } = await portcullis(['eval', '--rules', RULES, raw]);
    expect(JSON.parse(stdout)).toMatchObject({ id: raw, matched: [1] });

    const har = join(FOLDER, 'two.har');
    const request = { method: 'GET', url: 'https://shop.test/?q=evil', headers: [] };
    writeFileSync(har, JSON.stringify({ log: { entries: [{ request }, { request }] } }));
    const recorded = await portcullis(['eval', '--rules', RULES, har]);
    expect(recorded.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('refuses rules with errors and shows them', async () => {
    const broken = join(FOLDER, 'broken.conf');
    writeFileSync(broken, 'SecRule ARGS "@nope x" "id:1"\n');
    const { status, stdout, stderr } = await portcullis(['eval', '--rules', broken, '-']);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('unknown-operator');
  });

  it('ends with 2 without rules and for a file that is absent', async () => {
    expect((await portcullis(['eval', '-'])).status).toBe(2);
    expect((await portcullis(['eval', '--rules', RULES, join(FOLDER, 'absent')])).status).toBe(2);
  });

  it('blocks when a pattern runs out of its budget', async () => {
    const { lines } = await evaluate([get(`/?q=${'a'.repeat(60_000)}cb`)]);
    expect(lines[0]).toMatchObject({ decision: { effect: 'block', row: 'engine-error' } });
    expect(lines[0]?.['errors']).toMatchObject([{ code: 'match-limit', rule: 3 }]);
  });
});
