import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { portcullis } from '../support/command.ts';
import { crsPath } from '../support/crs.ts';
import { describeShared } from '../support/shared.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-check-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

interface JsonReport {
  readonly errors: number;
  readonly warnings: number;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly line: number;
    readonly column: number;
    readonly help?: string;
  }[];
}

async function codesOf(rules: string): Promise<{ status: number | null; report: JsonReport }> {
  const { status, stdout } = await portcullis(['check', '--format', 'json', '-'], { input: rules });
  return { status, report: JSON.parse(stdout) as JsonReport };
}

describe('portcullis check', () => {
  it('ends with 0 and says how many rules there are', async () => {
    const file = join(FOLDER, 'good.conf');
    writeFileSync(file, 'SecRuleEngine On\nSecRule ARGS "@rx ^a" "id:1,phase:2,deny"\n');
    const { status, stdout } = await portcullis(['check', file]);
    expect(status).toBe(0);
    expect(stdout).toBe('1 rule in 1 file: 0 errors, 0 warnings\n');
  });

  it('tells which engine runs each pattern, and why', async () => {
    const file = join(FOLDER, 'engines.conf');
    writeFileSync(
      file,
      [
        'SecRuleEngine On',
        'SecRule ARGS "@rx abc[0-9]+" "id:1,phase:2,deny,chain"',
        '  SecRule ARGS "!@rx (a)\\1" ""',
        'SecRule ARGS "@rx (?R)?a(*SKIP)b" "id:2,phase:2,deny"',
        'SecRule ARGS "@rx %{tx.a}b" "id:3,phase:2,deny"',
        'SecRule ARGS "@verifyCC \\d{13,16}" "id:4,phase:2,deny"',
        'SecRule ARGS "@contains no pattern" "id:5,phase:2,deny"',
        '',
      ].join('\n'),
    );
    const { status, stdout } = await portcullis(['check', '--engines', '--format', 'json', file]);
    expect(status).toBe(0);
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    const facts = rows.map(({ id, operator, engine, isFiltered }) => [
      id,
      operator,
      engine,
      isFiltered,
    ]);
    expect(facts).toEqual([
      [1, '@rx', 'dfa', true],
      [1, '!@rx', 'v8', false],
      [2, '@rx', 'pcre2', false],
      [3, '@rx', 'expanded', false],
      [4, '@verifyCC', 'dfa', false],
    ]);
    for (const { reason } of rows) expect(reason).not.toBe('');
    const text = (await portcullis(['check', '--engines', file])).stdout;
    expect(text).toContain(`${file}:4: rule 2: pcre2 (`);
    expect(text).toContain('5 patterns: 2 by dfa, 1 by expanded, 1 by pcre2, 1 by v8\n');
  });

  const cases: readonly { name: string; rules: string; code: string; at: string; near?: string }[] =
    [
      {
        name: 'directive',
        rules: 'SecRul ARGS "x"',
        code: 'unknown-directive',
        at: '1:1',
        near: 'SecRule',
      },
      {
        name: 'operator',
        rules: 'SecRule ARGS "@contians x" "id:1"',
        code: 'unknown-operator',
        at: '1:16',
        near: '@contains',
      },
      {
        name: 'variable',
        rules: 'SecRule ARG "@rx x" "id:1"',
        code: 'unknown-variable',
        at: '1:9',
        near: 'ARGS',
      },
      {
        name: 'transformation',
        rules: 'SecRule ARGS "@rx x" "id:1,t:lowercas"',
        code: 'unknown-transformation',
        at: '1:30',
        near: 't:lowercase',
      },
      {
        name: 'action',
        rules: 'SecRule ARGS "@rx x" "id:1,dney"',
        code: 'unknown-action',
        at: '1:28',
        near: 'deny',
      },
      { name: 'quote', rules: 'SecRule ARGS "@rx x', code: 'unclosed-quote', at: '1:14' },
      {
        name: 'chain',
        rules: 'SecRule ARGS "@rx x" "id:1,chain"',
        code: 'unfinished-chain',
        at: '1:1',
      },
      {
        name: 'marker',
        rules: 'SecAction "id:1,pass,skipAfter:END"',
        code: 'unknown-marker',
        at: '1:1',
      },
      { name: 'include', rules: 'Include nowhere.conf', code: 'include-not-found', at: '1:9' },
      {
        name: 'data file',
        rules: 'SecRule ARGS "@pmFromFile nofile.data" "id:1"',
        code: 'missing-data-file',
        at: '1:27',
      },
      { name: 'regex', rules: 'SecRule ARGS "@rx a(b" "id:1"', code: 'invalid-regex', at: '1:20' },
    ];
  for (const { name, rules, code, at, near } of cases) {
    it(`reports a wrong ${name} at its place`, async () => {
      const { status, report } = await codesOf(rules);
      const found = report.diagnostics.find((diagnostic) => diagnostic.code === code);
      expect(status).toBe(1);
      expect(found && `${found.line}:${found.column}`).toBe(at);
      if (near !== undefined) expect(found?.help).toContain(near);
    });
  }

  it('reports a cyclic include once, and ends', async () => {
    const [one, two] = [join(FOLDER, 'one.conf'), join(FOLDER, 'two.conf')];
    writeFileSync(one, 'Include two.conf\n');
    writeFileSync(two, 'Include one.conf\n');
    const { status, stdout } = await portcullis(['check', '--format', 'json', one]);
    expect(status).toBe(1);
    const codes = (JSON.parse(stdout) as JsonReport).diagnostics.map(({ code }) => code);
    expect(codes).toEqual(['include-cycle']);
  });

  it('reports all problems of a file, whatever came before', async () => {
    const { report } = await codesOf(
      'SecRul x\nSecRule ARGS "@nope" "id:1,foo"\nSecRule ARGS "@rx a" "id:2,phase:7"\nSecRule ARGS "@rx (" "id:2"\n',
    );
    expect(report.diagnostics.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '1 unknown-directive',
      '2 unknown-operator',
      '2 unknown-action',
      '3 bad-phase',
      '4 invalid-regex',
    ]);
  });

  it('prints SARIF', async () => {
    const { stdout } = await portcullis(['check', '--format', 'sarif', '-'], { input: 'SecRul x' });
    const sarif = JSON.parse(stdout) as {
      version: string;
      runs: { results: { ruleId: string }[] }[];
    };
    expect(sarif.version).toBe('2.1.0');
    expect(sarif.runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(['unknown-directive']);
  });

  it('ends with 2 for a file that cannot be read and for an unknown option', async () => {
    expect((await portcullis(['check', join(FOLDER, 'absent.conf')])).status).toBe(2);
    expect((await portcullis(['check', '--nope'])).status).toBe(2);
    expect((await portcullis(['check'])).status).toBe(2);
  });

  it('never shows a stack trace, whatever the bytes', async () => {
    let seed = 7;
    const bytes = Buffer.alloc(4000);
    for (let at = 0; at < bytes.length; at++) {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      bytes[at] = (seed >> 16) & 0xff;
    }
    const { status, stdout, stderr } = await portcullis(['check', '-'], { input: bytes });
    expect(status).toBe(1);
    expect(stdout + stderr).not.toMatch(/\n\s+at .*\.js:\d+/);
  });

  it('lists what the language has', async () => {
    const { status, stdout } = await portcullis(['check', '--list', 'operators']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^detectSQLi +\S/m);
  });
});

describe('portcullis check --engines', () => {
  it('ends with 1 for rules with errors', async () => {
    const { status, stderr } = await portcullis(['check', '--engines', '-'], {
      input: 'SecRule ARGS "@rx (" "id:1,phase:2,deny"\n',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('invalid-regex');
  });
});

describeShared('portcullis check with CRS', crsPath('rules'), () => {
  it('finds nothing wrong with CRS 4.28', async () => {
    const { status, stdout } = await portcullis(['check', '--format', 'json', '--crs', crsPath()]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout) as JsonReport).toMatchObject({ errors: 0, warnings: 0 });
  });
});

describeShared('portcullis check with CRS 3.3', '/usr/share/modsecurity-crs', () => {
  it('finds no errors in the CRS that Debian ships', async () => {
    const { status, stdout } = await portcullis([
      'check',
      '--format',
      'json',
      '--crs',
      '/usr/share/modsecurity-crs',
    ]);
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as JsonReport).errors).toBe(0);
  });
});
