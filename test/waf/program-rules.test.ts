import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { Outside } from '../../src/model/outside.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { checkRuleset, loadRuleset } from '../../src/waf/load.ts';
import { type OutsideOptions, openOutside } from '../../src/waf/outside.ts';
import { programFolder } from '../support/programs.ts';

const folder = programFolder();
const uploadDir = mkdtempSync(join(tmpdir(), 'portcullis-uploads-'));
const open: Outside[] = [];
afterEach(async () => {
  for (const outside of open.splice(0)) await outside.close();
  // Whatever came of a request, nothing of it is left.
  expect(readdirSync(uploadDir)).toEqual([]);
});
afterAll(() => rmSync(uploadDir, { recursive: true }));

function outsideWith(options: OutsideOptions): Outside {
  const outside = openOutside(options);
  open.push(outside);
  return outside;
}

const HEADERS: ExchangeRecord['headers'] = [
  ['Host', 'shop.test'],
  ['Content-Type', 'multipart/form-data; boundary=b'],
];
const upload = (content: string): ExchangeRecord => ({
  method: 'POST',
  uri: '/',
  version: 'HTTP/1.1',
  headers: HEADERS,
  body: `--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n${content}\r\n--b--\r\n`,
});

const inspecting = (program: string, more = ''): string => `SecRuleEngine On
SecRequestBodyAccess On
SecTmpDir ${uploadDir}
${more}
SecRule FILES_TMPNAMES "@inspectFile ${program}" "id:1,phase:2,deny,log,msg:'no'"`;

async function judged(program: string, content: string, options: OutsideOptions = {}) {
  const outside = outsideWith({ programs: [program], ...options });
  const waf = createWaf({ rules: inspecting(program), outside });
  const { verdict, decision } = await waf.inspect(upload(content));
  return {
    status: verdict.interruption?.status,
    errors: verdict.errors.map(({ code }) => code),
    effect: decision.effect,
    detail: verdict.matches[0]?.evidence,
  };
}

describe('@inspectFile with a program', () => {
  it('lets an upload pass that the program approves', async () => {
    const program = folder.add('approve', 'grep -q virus "$1" && echo "0 found" || echo "1 ok"');
    expect(await judged(program, 'harmless')).toMatchObject({
      status: undefined,
      errors: [],
      effect: 'allow',
    });
  });

  it('matches an upload to which the program objects, and tells why', async () => {
    const program = folder.add('object', 'grep -q virus "$1" && echo "0 found" || echo "1 ok"');
    const outside = outsideWith({ programs: [program] });
    const waf = createWaf({ rules: inspecting(program), outside });
    const { verdict } = await waf.inspect(upload('a virus'));
    expect(verdict.interruption?.status).toBe(403);
    expect(JSON.stringify(verdict.matches)).toContain('0 found');
  });

  it('counts an objection whatever the exit status', async () => {
    const program = folder.add('object-1', 'echo "0 no"; exit 1');
    expect(await judged(program, 'x')).toMatchObject({ status: 403, errors: [] });
  });

  it.each([
    ['approves and fails', 'echo 1; exit 1'],
    ['prints nothing', 'exit 0'],
    ['does not end', 'sleep 1000'],
    ['prints too much', 'yes'],
    ['kills itself', 'kill -9 $$'],
  ])('takes a program that %s for an error, which blocks', async (what, script) => {
    const program = folder.add(what.replace(/\W/g, '-'), script);
    expect(await judged(program, 'x', { programLimits: { timeoutMs: 400 } })).toMatchObject({
      status: undefined,
      errors: ['program-failed'],
      effect: 'block',
    });
  });

  it('takes a program that is gone for an error, which blocks', async () => {
    expect(await judged(join(folder.path, 'gone'), 'x')).toMatchObject({
      errors: ['program-failed'],
      effect: 'block',
    });
  });

  it('shows the program the bytes of each upload and the request', async () => {
    const seen = join(folder.path, 'seen');
    const program = folder.add('look', `cat "$1" > ${seen}; env >> ${seen}; echo 1`);
    await judged(program, '\x00\xff bytes');
    const text = readFileSync(seen, 'latin1');
    expect(text.startsWith('\x00\xff bytes')).toBe(true);
    expect(text).toContain('REQUEST_METHOD=POST\n');
    expect(text).toContain('HTTP_HOST=shop.test\n');
  });

  it('asks once for each upload', async () => {
    const seen = join(folder.path, 'times');
    const program = folder.add('each', `echo "$1" >> ${seen}; echo 1`);
    const outside = outsideWith({ programs: [program] });
    const waf = createWaf({ rules: inspecting(program), outside });
    const part = (name: string): string =>
      `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n${name}\r\n`;
    await waf.inspect({ ...upload(''), body: `${part('a')}${part('b')}--b--\r\n` });
    const paths = readFileSync(seen, 'latin1').trim().split('\n');
    expect(new Set(paths).size).toBe(2);
    expect(paths.every((path) => path.startsWith(`${uploadDir}/`))).toBe(true);
  });

  it('does not wait for the programs of one request for ever', async () => {
    const seen = join(folder.path, 'how-often');
    const program = folder.add('often', `echo x >> ${seen}; sleep 0.3; echo 1`);
    const outside = outsideWith({ programs: [program], programLimits: { transactionMs: 500 } });
    const waf = createWaf({ rules: inspecting(program), outside });
    const part = (name: number): string =>
      `--b\r\nContent-Disposition: form-data; name="${name}"; filename="a"\r\n\r\nx\r\n`;
    const body = `${Array.from({ length: 20 }, (_, at) => part(at)).join('')}--b--\r\n`;
    const { verdict, decision } = await waf.inspect({ ...upload(''), body });
    expect(new Set(verdict.errors.map(({ code }) => code))).toEqual(new Set(['program-failed']));
    expect(decision.effect).toBe('block');
    expect(readFileSync(seen, 'latin1').length).toBeLessThan(20);
  });

  it('blocks where the file cannot be written', async () => {
    const program = folder.add('never', 'echo 1');
    const outside = outsideWith({ programs: [program] });
    const rules = inspecting(program).replace(uploadDir, '/nowhere/at/all');
    const { verdict, decision } = await createWaf({ rules, outside }).inspect(upload('x'));
    expect(verdict.errors.map(({ code }) => code)).toEqual(['upload-not-saved']);
    expect(decision.effect).toBe('block');
  });

  it('does not hold up other requests', async () => {
    const program = folder.add('wait', 'sleep 0.3; echo 1');
    const outside = outsideWith({ programs: [program] });
    const waf = createWaf({ rules: inspecting(program), outside });
    const order: string[] = [];
    await Promise.all([
      waf.inspect(upload('x')).then(() => order.push('upload')),
      waf.inspect({ method: 'GET', uri: '/', headers: [] }).then(() => order.push('page')),
    ]);
    expect(order).toEqual(['page', 'upload']);
  });

  it('blocks uploads in a waf that runs no programs', () => {
    const program = folder.add('nobody', 'echo 1');
    const rules = loadRuleset(inspecting(program), { programs: [program] });
    const { verdict, decision } = createWaf({ rules }).inspect(upload('x'));
    expect(verdict.errors.map(({ code }) => code)).toEqual(['program-failed']);
    expect(decision.effect).toBe('block');
  });

  it('is an error for other values in a waf that runs no programs', () => {
    const program = folder.add('nobody-2', 'echo 1');
    const text = `SecRuleEngine On\nSecRule ARGS:x "@inspectFile ${program}" "id:1,phase:1,deny"`;
    const rules = loadRuleset(text, { programs: [program] });
    for (const reference of [false, true]) {
      const { verdict, decision } = createWaf({ rules, reference }).inspect({
        method: 'GET',
        uri: '/?x=1',
        headers: [],
      });
      expect(verdict.errors.map(({ code }) => code)).toEqual(['program-failed']);
      expect(decision.effect).toBe('block');
    }
  });

  it('never runs a program that is not allowed, and the load says so', async () => {
    const mark = join(folder.path, 'not-allowed');
    const program = folder.add('forbidden', `touch ${mark}; echo 0`);
    const { diagnostics } = checkRuleset(inspecting(program));
    expect(diagnostics.map(({ code }) => code)).toEqual(['program-not-allowed']);
    const outside = outsideWith({ programs: [folder.add('allowed', 'echo 1')] });
    const { verdict } = await createWaf({ rules: inspecting(program), outside }).inspect(
      upload('x'),
    );
    expect(verdict.matches).toEqual([]);
    expect(existsSync(mark)).toBe(false);
  });

  it('refuses a list of programs with paths that are not absolute', () => {
    expect(() => openOutside({ programs: ['scan'] })).toThrow(TypeError);
    expect(() => openOutside({ programs: ['/usr/../bin/scan'] })).toThrow(TypeError);
  });
});

describe('exec with a program', () => {
  const rules = (program: string): string =>
    `SecRuleEngine On\nSecRule ARGS:x "@streq 1" "id:1,phase:1,deny,exec:${program}"`;
  const GET: ExchangeRecord = { method: 'GET', uri: '/?x=1', headers: [['X-Who', 'me']] };

  it('runs it at a match, without waiting for it', async () => {
    const seen = join(folder.path, 'exec-seen');
    const program = folder.add('notify', `sleep 0.2; echo "$# $HTTP_X_WHO $REMOTE_ADDR" > ${seen}`);
    const outside = outsideWith({ programs: [program] });
    const waf = createWaf({ rules: rules(program), outside });
    expect((await waf.inspect(GET)).verdict.interruption?.status).toBe(403);
    expect(existsSync(seen)).toBe(false);
    await outside.close();
    expect(readFileSync(seen, 'latin1')).toBe('0 me 127.0.0.1\n');
  });

  it('does not run it without a match', async () => {
    const seen = join(folder.path, 'exec-not-seen');
    const program = folder.add('notify-not', `touch ${seen}`);
    const outside = outsideWith({ programs: [program] });
    await createWaf({ rules: rules(program), outside }).inspect({ ...GET, uri: '/?x=2' });
    await outside.close();
    expect(existsSync(seen)).toBe(false);
  });

  it('tells whoever opened the outside of programs that fail, and judges all the same', async () => {
    const problems: string[] = [];
    const program = folder.add('fails', 'exit 3');
    const outside = outsideWith({
      programs: [program],
      onProblem: (message) => problems.push(message),
    });
    const { verdict } = await createWaf({ rules: rules(program), outside }).inspect(GET);
    await outside.close();
    expect(verdict.errors).toEqual([]);
    expect(problems.length).toBe(1);
  });

  it('is an error in a waf that runs no programs', () => {
    const program = folder.add('notify-nobody', 'exit 0');
    const waf = createWaf({ rules: loadRuleset(rules(program), { programs: [program] }) });
    expect(waf.inspect(GET).verdict.errors.map(({ code }) => code)).toEqual(['program-failed']);
  });

  it('of a program that is not allowed does nothing, and the load says so', () => {
    const program = folder.add('notify-forbidden', 'exit 0');
    const { diagnostics } = checkRuleset(rules(program));
    expect(diagnostics.map(({ code }) => code)).toEqual(['program-not-allowed']);
  });
});
