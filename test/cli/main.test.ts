import { describe, expect, it } from 'vitest';
import { portcullis } from '../support/command.ts';

const COMMANDS = ['check', 'eval', 'ftw', 'crs', 'bench', 'serve', 'policy'];

describe('portcullis', () => {
  it('lists all commands', async () => {
    const { status, stdout } = await portcullis(['--help']);
    expect(status).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it.each(COMMANDS)('tells of %s in two ways', async (command) => {
    const [asked, named] = await Promise.all([
      portcullis(['help', command]),
      portcullis([command, '--help']),
    ]);
    expect(asked.status).toBe(0);
    expect(asked.stdout).toContain(`Usage: portcullis ${command}`);
    expect(named).toEqual(asked);
  });

  it('knows the nearest command', async () => {
    const { status, stderr } = await portcullis(['chek']);
    expect(status).toBe(2);
    expect(stderr).toContain('check');
  });
});
