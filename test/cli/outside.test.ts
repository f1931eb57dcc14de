// What commands let rules do outside: --allow-program and --dns.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portcullis } from '../support/command.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { programFolder } from '../support/programs.ts';

const folder = programFolder();
const SEEN = join(folder.path, 'seen');
const SCAN = folder.add('scan', 'grep -q virus "$1" && echo "0 found" || echo "1 ok"');
const NOTIFY = folder.add('notify', `echo "$REQUEST_URI" >> ${SEEN}`);
const RULES = join(folder.path, 'rules.conf');
writeFileSync(
  RULES,
  `SecRuleEngine On
SecRequestBodyAccess On
SecRule FILES_TMPNAMES "@inspectFile ${SCAN}" "id:1,phase:2,deny,exec:${NOTIFY}"
SecRule REMOTE_ADDR "@rbl list.test" "id:2,phase:1,pass"
`,
);
const ALLOW = ['--allow-program', SCAN, '--allow-program', NOTIFY];

const upload = (content: string): string =>
  JSON.stringify({
    id: content,
    method: 'POST',
    uri: `/${content}`,
    headers: [
      ['Host', 'a'],
      ['Content-Type', 'multipart/form-data; boundary=b'],
    ],
    body_b64: Buffer.from(
      `--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n${content}\r\n--b--\r\n`,
    ).toString('base64'),
    client: { address: '192.0.2.7', port: 1 },
  });

let server: DnsServer;
beforeAll(async () => {
  server = await startDnsServer(() => ['127.0.0.2']);
});
afterAll(() => server.close());

async function evaluate(...args: readonly string[]): Promise<Record<string, unknown>[]> {
  const input = [upload('fine'), upload('virus')].join('\n');
  const { stdout } = await portcullis(['eval', '--rules', RULES, ...args, '-'], { input });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('portcullis eval with rules that reach outside', () => {
  it('runs no program and asks nobody of its own accord', async () => {
    expect((await evaluate()).map(({ matched }) => matched)).toEqual([[], []]);
    expect(existsSync(SEEN)).toBe(false);
    expect(server.asked).toEqual([]);
  });

  it('runs programs that are allowed, and ends when they have', async () => {
    const lines = await evaluate(...ALLOW);
    expect(lines.map(({ matched }) => matched)).toEqual([[], [1]]);
    expect(lines[1]).toMatchObject({ decision: { effect: 'block', status: 403 }, errors: [] });
    expect(readFileSync(SEEN, 'latin1')).toBe('/virus\n');
  });

  it('asks the name servers that it is given', async () => {
    const lines = await evaluate('--dns', server.address);
    expect(lines.map(({ matched }) => matched)).toEqual([[2], [2]]);
    expect(server.asked).toEqual(['7.2.0.192.list.test']);
  });

  it.each([
    ['--allow-program', 'scan'],
    ['--allow-program', join(folder.path, 'nothing')],
    ['--allow-program', RULES],
    ['--allow-program', folder.path],
    ['--dns', 'name.test'],
    ['--dns', '127.0.0.1:99999'],
  ])('ends with 2 for %s %s', async (option, value) => {
    const { status } = await portcullis(['eval', '--rules', RULES, option, value, '-']);
    expect(status).toBe(2);
  });
});

describe('portcullis check with rules that reach outside', () => {
  const codes = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await portcullis(['check', '--format', 'json', ...args, RULES]);
    return [...stdout.matchAll(/"code": ?"([a-z-]+)"/g)].map(([, code]) => code ?? '');
  };

  it('says which programs are not allowed, and that a list gets to know visitors', async () => {
    expect(await codes()).toEqual([
      'program-not-allowed',
      'program-not-allowed',
      'asks-name-servers',
    ]);
    expect(await codes(...ALLOW)).toEqual(['asks-name-servers']);
  });
});
