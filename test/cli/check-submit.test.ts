import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CommandOutcome, portcullis } from '../support/command.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-submit-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text, 'latin1');
  return path;
}

const GOOD = file('good.conf', 'SecRule ARGS "@rx ^a" "id:10,phase:2,deny"\n');
const LOADED = file('loaded.conf', 'SecRuleEngine On\nSecRule ARGS "@rx x" "id:10,phase:2,pass"\n');

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly help: string | null;
}

function submit(args: readonly string[], input = ''): Promise<CommandOutcome> {
  return portcullis(['check', '--profile', 'submit', ...args], { input });
}

function report({ stdout }: CommandOutcome): { errors: number; diagnostics: readonly Found[] } {
  return JSON.parse(stdout) as { errors: number; diagnostics: readonly Found[] };
}

describe('portcullis check --profile submit', () => {
  it('ends with 0 for a rule that can be submitted', async () => {
    const { status, stdout, stderr } = await submit([GOOD]);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: '1 signature: 0 errors, 0 warnings\n',
      stderr: '',
    });
  });

  it('ends with 0 when it only warns', async () => {
    const outcome = await submit(['--format', 'json', '-'], 'SecRule ARGS "@rx a" "id:900000"');
    expect(outcome.status).toBe(0);
    expect(report(outcome).diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'warning missing-phase',
      'warning reserved-id',
    ]);
  });

  it('ends with 1 and shows place, code, frame and help of an error', async () => {
    const { status, stdout } = await submit(['-'], `SecRule ARGS "@rx a" "id:10,phase:2,msg:'x'"`);
    expect(status).toBe(1);
    expect(stdout).toContain('<stdin>:1:37: error[msg-without-logdata]');
    expect(stdout).toMatch(/\n +\| +\^\^\^\n/);
    expect(stdout).toMatch(/\n {2}help: add logdata:/);
    expect(stdout).toMatch(/1 signature: 1 error, 0 warnings\n$/);
  });

  it('is what makes those findings', async () => {
    const { status } = await portcullis(['check', '-'], {
      input: `SecRule ARGS "@rx a" "id:10,phase:2,msg:'x'"`,
    });
    expect(status).toBe(0);
  });

  it('prints JSON with a place, a code and a help for every finding', async () => {
    const outcome = await submit(
      ['--format', 'json', '-'],
      'SecRule RESPONSE_BODY|ARG "@rx a(" "id:10,phase:2"\nSecAction "id:11,pass"\n',
    );
    expect(outcome.status).toBe(1);
    const { errors, diagnostics } = report(outcome);
    expect(errors).toBe(4);
    expect(diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '1:9 variable-not-in-phase',
      '1:23 unknown-variable',
      '1:33 invalid-regex',
      '2:1 not-a-rule',
    ]);
    expect(diagnostics.every(({ help }) => help !== null)).toBe(true);
  });

  it('prints SARIF with the explanation of each code', async () => {
    const { status, stdout } = await submit(['--format', 'sarif', '-'], 'SecMarker X');
    const sarif = JSON.parse(stdout) as {
      runs: {
        tool: { driver: { rules: { id: string; fullDescription: { text: string } }[] } };
        results: { ruleId: string; level: string }[];
      }[];
    };
    const [run] = sarif.runs;
    expect(status).toBe(1);
    expect(run?.results).toMatchObject([{ ruleId: 'not-a-rule', level: 'error' }]);
    expect(run?.tool.driver.rules[0]?.fullDescription.text.length).toBeGreaterThan(40);
  });

  it('takes --rules as the rules that the signature is to join', async () => {
    const outcome = await submit(['--format', 'json', '--rules', LOADED, GOOD]);
    expect(outcome.status).toBe(1);
    expect(report(outcome).diagnostics).toMatchObject([
      { code: 'id-taken', file: GOOD, line: 1, column: 27 },
    ]);
  });

  it('takes --crs as the rules that the signature is to join', async () => {
    const { status, stdout } = await submit(['--crs', 'starter', GOOD]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^1 signature beside \d{3} loaded rules: 0 errors, 0 warnings\n$/);
  });

  it('takes each file as a signature of its own, with an id of its own', async () => {
    const other = file('other.conf', 'SecRule ARGS "@rx ^b" "id:11,phase:2,deny"\n');
    const again = file('again.conf', 'SecRule ARGS "@rx ^c" "id:10,phase:2,deny"\n');
    expect((await submit([GOOD, other])).stdout).toBe('2 signatures: 0 errors, 0 warnings\n');
    const outcome = await submit(['--format', 'json', GOOD, other, again]);
    expect(outcome.status).toBe(1);
    expect(report(outcome).diagnostics).toMatchObject([{ code: 'duplicate-id', file: again }]);
  });

  it('finds data files beside the submission', async () => {
    file('words.data', 'one\ntwo\n');
    const rule = file('words.conf', 'SecRule ARGS "@pmFromFile words.data" "id:12,phase:2"\n');
    const outcome = await submit(['--format', 'json', rule]);
    expect(outcome.status).toBe(0);
    expect(report(outcome).diagnostics.map(({ code }) => code)).toEqual(['needs-file']);
  });

  it('tells errors of the loaded rules apart from those of the submission', async () => {
    const broken = file('broken.conf', 'SecRule ARGS "@nope" "id:1"\n');
    const { status, stdout, stderr } = await submit(['--rules', broken, GOOD]);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('unknown-operator');
  });

  it('ends with 2 without a file, for a file that is not there, and for an unknown profile', async () => {
    expect((await submit([])).status).toBe(2);
    expect((await submit(['--rules', LOADED])).status).toBe(2);
    expect((await submit([join(FOLDER, 'absent.conf')])).status).toBe(2);
    expect((await portcullis(['check', '--profile', 'reviewer', GOOD])).status).toBe(2);
  });

  it('shows an example in its help', async () => {
    const { status, stdout } = await portcullis(['check', '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('portcullis check --profile submit --crs starter');
  });
});
