// What `npm pack` gives: a package that a project can import, with types, and a command that runs.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-pack-'));
const PACKAGE = join(FOLDER, 'node_modules', 'portcullis');

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A project beside the unpacked package; dependencies are the ones of this checkout. */
beforeAll(() => {
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', FOLDER], ROOT);
  const tarball = readdirSync(FOLDER).find((name) => name.endsWith('.tgz')) as string;
  mkdirSync(PACKAGE, { recursive: true });
  run('tar', ['-xzf', join(FOLDER, tarball), '-C', PACKAGE, '--strip-components=1'], FOLDER);
  for (const entry of readdirSync(join(ROOT, 'node_modules'))) {
    if (entry === 'portcullis') continue;
    symlinkSync(join(ROOT, 'node_modules', entry), join(FOLDER, 'node_modules', entry));
  }
  writeFileSync(join(FOLDER, 'package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(FOLDER, { recursive: true }));

describe('the package', () => {
  it('can be imported and judges a request', () => {
    const program = join(FOLDER, 'use.js');
    writeFileSync(
      program,
      `import { createWaf } from 'portcullis';
const waf = createWaf({ rules: 'SecRuleEngine On\\nSecRule ARGS "@rx evil" "id:1,phase:2,deny"' });
console.log(waf.inspect({ method: 'GET', uri: '/?a=evil', headers: [] }).decision.effect);`,
    );
    expect(run(process.execPath, [program], FOLDER)).toBe('block\n');
  });

  it('has types that a strict project can use', () => {
    writeFileSync(
      join(FOLDER, 'use.ts'),
      `import { createWaf, loadRuleset, type Decision, type Waf } from 'portcullis';
const waf: Waf<'sync'> = createWaf({ rules: loadRuleset('SecRuleEngine On') });
const decision: Decision = waf.inspect({ method: 'GET', uri: '/', headers: [['Host', 'a']] }).decision;
export const effect: 'allow' | 'block' = decision.effect;
`,
    );
    writeFileSync(
      join(FOLDER, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          module: 'NodeNext',
          target: 'ES2023',
          noEmit: true,
          types: ['node'],
          skipLibCheck: false,
        },
        files: ['use.ts'],
      }),
    );
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(run(process.execPath, [compiler, '-p', '.'], FOLDER)).toBe('');
  });

  it('brings its command, its settings and its starter rules', () => {
    const command = join(PACKAGE, 'bin', 'portcullis.js');
    const report = run(
      process.execPath,
      [command, 'check', '--format', 'json', '--crs', 'starter'],
      FOLDER,
    );
    expect(JSON.parse(report)).toMatchObject({ errors: 0 });
  });

  it('leaves sources and tests out', () => {
    expect(readdirSync(PACKAGE).filter((name) => ['src', 'test', 'bench'].includes(name))).toEqual(
      [],
    );
  });
});
