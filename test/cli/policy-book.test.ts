import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { policyCommand } from '../../src/cli/policy.ts';
import { type CommandOutcome, portcullis } from '../support/command.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'portcullis-policy-'));
afterAll(() => rmSync(ROOT, { recursive: true }));

const SHOP = `sources:
  - name: bad range # ticket 12
    action: block
    addresses: 198.51.100.0/24
signatures:
  - name: no debug
    action: block
    payload: { part: request.path, operator: startsWith, value: /debug }
`;

let cwd = '';
let count = 0;
const read = (): string => readFileSync(join(cwd, 'shop.yaml'), 'utf8');

beforeEach(() => {
  cwd = join(ROOT, String(count++));
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'shop.yaml'), SHOP);
});

function policy(args: readonly string[], input = ''): Promise<CommandOutcome> {
  return portcullis(['policy', ...args], { cwd, input });
}

const parsed = ({ stdout }: CommandOutcome): Record<string, unknown> =>
  JSON.parse(stdout) as Record<string, unknown>;

describe('portcullis policy list', () => {
  it('prints each rule with its state, action and place', async () => {
    const { status, stdout } = await policy(['list', 'shop.yaml']);
    expect(status).toBe(0);
    expect(stdout).toBe(
      'sources/bad range    on   block  shop.yaml:2\nsignatures/no debug  on   block  shop.yaml:6\n',
    );
  });

  it('prints JSON, of one section if asked', async () => {
    const outcome = await policy(['list', '--section', 'signatures', '--json', 'shop.yaml']);
    expect(parsed(outcome)).toEqual([
      {
        section: 'signatures',
        name: 'no debug',
        enabled: true,
        action: 'block',
        file: 'shop.yaml',
        line: 6,
      },
    ]);
  });
});

describe('portcullis policy show', () => {
  it('prints the rule as YAML and in words', async () => {
    const { status, stdout } = await policy(['show', 'no debug', 'shop.yaml']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^# shop\.yaml:6\n# \S.*\nsignatures:\n {2}- name: no debug\n/);
  });

  it('ends with 1 for a rule that is not there', async () => {
    const outcome = await policy(['show', 'no debgu', '--json', 'shop.yaml']);
    expect(outcome.status).toBe(1);
    expect(parsed(outcome)).toMatchObject({
      error: { code: 'unknown-rule', help: 'did you mean "no debug"?' },
    });
  });
});

describe('portcullis policy disable and enable', () => {
  it('change the document, and nothing when it is so already', async () => {
    const off = await policy(['disable', 'sources/bad range', '--by', 'ann', 'shop.yaml']);
    expect(off.status).toBe(0);
    expect(read()).toBe(SHOP.replace('# ticket 12\n', '# ticket 12\n    enabled: false\n'));
    const again = await policy(['disable', 'bad range', '--json', 'shop.yaml']);
    expect(parsed(again)).toMatchObject({ revision: null, diff: '' });
    const on = await policy(['enable', 'bad range', '--json', 'shop.yaml']);
    expect(parsed(on)).toMatchObject({ revision: 3, rule: 'sources/bad range' });
    expect(read()).toContain('    enabled: true\n');
  });

  it('print the change and write nothing in a dry run', async () => {
    const { status, stdout } = await policy(['disable', 'no debug', '--dry-run', 'shop.yaml']);
    expect(status).toBe(0);
    expect(stdout).toContain('+    enabled: false\n');
    expect(read()).toBe(SHOP);
    expect(existsSync(join(cwd, '.portcullis'))).toBe(false);
  });
});

describe('portcullis policy, run many times at once', () => {
  it('loses no change', async () => {
    const names = ['r1', 'r2', 'r3', 'r4'];
    const rules = names.map((name) => `  - { name: ${name}, action: monitor, regions: [KP] }\n`);
    writeFileSync(join(cwd, 'shop.yaml'), `sources:\n${rules.join('')}`);
    const outcomes = await Promise.all(names.map((name) => policy(['disable', name, 'shop.yaml'])));
    const done = outcomes.filter(({ status }) => status === 0).length;
    expect(read().match(/enabled: false/g)).toHaveLength(done);
    const list = await policy(['revisions', '--json', 'shop.yaml']);
    expect(Object.keys(parsed(list))).toHaveLength(done + 1);
    expect(outcomes.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
  });
});

describe('portcullis policy clone and delete', () => {
  it('copy a rule and take one away', async () => {
    expect((await policy(['clone', 'bad range', 'worse range', 'shop.yaml'])).status).toBe(0);
    expect((await policy(['delete', 'bad range', 'shop.yaml'])).status).toBe(0);
    const { stdout } = await policy(['list', 'shop.yaml']);
    expect(stdout.match(/^\S+\/[\w ]+?(?= {2})/gm)).toEqual([
      'sources/worse range',
      'signatures/no debug',
    ]);
    expect(read()).toContain('name: worse range # ticket 12');
  });
});

describe('portcullis policy edit', () => {
  it('sets and unsets fields; values are YAML', async () => {
    const { status } = await policy([
      'edit',
      'bad range',
      '--set',
      'addresses=[198.51.100.0/24, 203.0.113.9]',
      '--set',
      'description=seen in May',
      'shop.yaml',
    ]);
    expect(status).toBe(0);
    expect(read()).toContain(
      '198.51.100.0/24\n      - 203.0.113.9\n    description: seen in May\n',
    );
    await policy(['edit', 'bad range', '--unset', 'description', 'shop.yaml']);
    expect(read()).not.toContain('description');
  });

  it('takes a whole rule from stdin', async () => {
    const rule = '{"name": "no debug", "action": "monitor", "target": {"urls": ["^/debug"]}}';
    const { status } = await policy(['edit', 'no debug', '--from', '-', 'shop.yaml'], rule);
    expect(status).toBe(0);
    expect(read()).toContain(
      'name: no debug\n    action: monitor\n    target:\n      urls:\n        - ^/debug\n',
    );
    expect(read()).not.toContain('payload');
  });

  it('refuses a change that would make the document invalid, with its place', async () => {
    const outcome = await policy(['edit', 'bad range', '--set', 'action=inject', 'shop.yaml']);
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toContain('shop.yaml:3:13: error[policy-unknown-value]');
    expect(read()).toBe(SHOP);
  });

  it('ends with 2 without anything to change, and for what cannot be read', async () => {
    expect((await policy(['edit', 'bad range', 'shop.yaml'])).status).toBe(2);
    expect((await policy(['edit', 'bad range', '--set', 'action', 'shop.yaml'])).status).toBe(2);
    expect((await policy(['edit', 'bad range', '--set', 'a=[', 'shop.yaml'])).status).toBe(2);
    expect((await policy(['edit', 'bad range', '--from', 'no.yaml', 'shop.yaml'])).status).toBe(2);
    expect((await policy(['enable', 'bad range', 'absent.yaml'])).status).toBe(2);
    const both = ['--from', '-', '--set', 'a=1'];
    expect((await policy(['edit', 'bad range', ...both, 'shop.yaml'])).status).toBe(2);
  });
});

describe('portcullis policy create', () => {
  it('adds a rule to its section', async () => {
    const rule = 'name: countries\naction: monitor\nregions: [KP]\n';
    const { status } = await policy(['create', 'sources', '--from', '-', 'shop.yaml'], rule);
    expect(status).toBe(0);
    expect(read()).toContain('/24\n  - name: countries\n    action: monitor\n');
  });
});

describe('portcullis policy revisions, diff and rollback', () => {
  it('list what was changed, show it, and go back', async () => {
    await policy(['disable', 'no debug', '--by', 'ann', '--message', 'too loud', 'shop.yaml']);
    await policy(['delete', 'bad range', '--by', 'bob', 'shop.yaml']);
    const list = await policy(['revisions', '--json', 'shop.yaml']);
    expect(parsed(list)).toMatchObject([
      { id: 3, who: 'bob', what: 'delete sources/bad range', message: null },
      { id: 2, who: 'ann', what: 'disable signatures/no debug', message: 'too loud' },
      { id: 1, who: null, kind: 'found' },
    ]);
    const diff = await policy(['diff', '1', '--to', '2', 'shop.yaml']);
    expect(diff.stdout).toMatch(/^--- shop\.yaml.*\n\+\+\+ shop\.yaml.*\n@@ .* @@\n/);
    expect(diff.stdout.match(/^[+-](?![+-]).*$/gm)).toEqual(['+    enabled: false']);
    expect((await policy(['diff', '3', 'shop.yaml'])).stdout).toBe('');
    expect((await policy(['rollback', '1', 'shop.yaml'])).status).toBe(0);
    expect(read()).toBe(SHOP);
    expect((await policy(['rollback', '9', 'shop.yaml'])).status).toBe(1);
    expect((await policy(['rollback', 'x', 'shop.yaml'])).status).toBe(2);
  });
});

describe('the help of portcullis policy', () => {
  it.each(policyCommand().commands.map((command) => [command.name(), command] as const))(
    'shows an example of %s',
    (name, command) => {
      let shown = '';
      command.configureOutput({
        writeOut: (text) => {
          shown += text;
        },
      });
      command.outputHelp();
      expect(shown).toContain(`  portcullis policy ${name}`);
    },
  );
});
