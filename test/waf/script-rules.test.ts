// SecRuleScript, exec and @inspectFile in rule sets, on the machine and the reference interpreter. Lua runs in
// a thread, which runs the built module.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { debugTrace } from '../../src/waf/debug-log.ts';
import { checkRuleset, loadRuleset } from '../../src/waf/load.ts';
import { openOutside } from '../../src/waf/outside.ts';
import { filesOf, type Judged, judge } from '../support/matched-rules.ts';

const isBuilt = existsSync(fileURLToPath(new URL('../../dist/waf/lua-thread.js', import.meta.url)));
if (!isBuilt && process.env['CI'] === 'true') throw new Error('run "npm run build" first');

const main = (body: string): string => `function main(given)\n${body}\nend\n`;

function judged(rules: string, script: string, request: Partial<ExchangeRecord> = {}): Judged {
  const text = `SecRuleEngine On\nSecRequestBodyAccess On\n${rules}`;
  return judge(text, request, filesOf({ 'a.lua': script }));
}

/** Ids of the rules that match when rule 1 is this script. */
function matched(
  body: string,
  request: Partial<ExchangeRecord> = {},
  more = '',
): Judged['matched'] {
  return judged(`SecRuleScript a.lua "id:1,phase:2,pass"\n${more}`, main(body), request).matched;
}

function verdictOf(rules: string, script: string, request: Partial<ExchangeRecord> = {}): Verdict {
  const ruleset = loadRuleset(`SecRuleEngine On\n${rules}`, {
    files: filesOf({ 'a.lua': script }),
  });
  const record = { method: 'GET', uri: '/', headers: [], ...request };
  return createWaf({ rules: ruleset }).inspect(record).verdict;
}

function faults(rules: string, files: Readonly<Record<string, string>>): readonly Diagnostic[] {
  return checkRuleset(
    { name: 'r.conf', text: `SecRuleEngine On\n${rules}` },
    { files: filesOf(files) },
  ).diagnostics;
}

describe.skipIf(!isBuilt)('a rule that is a script', () => {
  it('matches when main returns a text', () => {
    expect(matched('return "found"')).toEqual([1]);
    expect(matched('return nil')).toEqual([]);
    expect(matched('return true')).toEqual([]);
  });

  it('runs once, whatever the request holds', () => {
    const body = 'm.setvar("tx.runs", (m.getvar("tx.runs") or "") .. "x") return "y"';
    const more = 'SecRule TX:runs "@streq x" "id:2,phase:2,pass"';
    expect(matched(body, { uri: '/?a=1&b=2&c=3' }, more)).toEqual([1, 2]);
  });

  it('reports the text', () => {
    const [match] = verdictOf(
      'SecRuleScript a.lua "id:1,phase:1,pass"',
      main('return "seen it"'),
    ).matches;
    expect(match?.evidence).toContain('seen it');
  });

  it('carries out its actions', () => {
    const { interruption } = verdictOf(
      'SecRuleScript a.lua "id:1,phase:1,deny,status:404"',
      main('return "no"'),
    );
    expect(interruption).toMatchObject({ action: 'deny', status: 404 });
  });

  it('sees variables by name, key and pattern, transformed', () => {
    const conditions = [
      'm.getvar("ARGS.a") == "1"',
      'm.getvar("ARGS:A") == "1"',
      'm.getvar("args.a") == "1"',
      'm.getvar("ARGS") == "1"',
      'm.getvar("ARGS.none") == nil',
      'm.getvar("NO_SUCH") == nil',
      'm.getvar("REQUEST_METHOD") == "GET"',
      'm.getvar("REQUEST_HEADERS.User-Agent") == "x\\255y"',
      'm.getvar("TX.none") == nil',
      'm.getvar("SESSION.none") == nil',
      'm.getvar("XML") == nil',
      '#m.getvars("ARGS") == 3',
      '#m.getvars("ARGS./^b/") == 1',
      '#m.getvars("ARGS./^A|^b/") == 3',
      '#m.getvars("NO_SUCH") == 0',
      'm.getvars("ARGS")[2].name == "ARGS:a"',
      'm.getvars("ARGS")[3].value == " B&amp;C "',
      'm.getvars("REQUEST_METHOD")[1].name == "REQUEST_METHOD"',
      'm.getvar("ARGS.b", "lowercase") == " b&amp;c "',
      'm.getvar("ARGS.b", { "htmlEntityDecode", "trim" }) == "B&C"',
      'm.getvar("ARGS.b", { "trim", "none", "lowercase" }) == " b&amp;c "',
      'm.getvar("ARGS.b", {}) == " B&amp;C "',
      'm.getvars("ARGS.b", "length")[1].value == "9"',
    ];
    const files = Object.fromEntries(
      conditions.map((condition, at) => [
        `${at}.lua`,
        main(`return ${condition} and "yes" or nil`),
      ]),
    );
    const rules = conditions.map((_, at) => `SecRuleScript ${at}.lua "id:${at},phase:2,pass"`);
    const { matched: ids, errors } = judge(
      `SecRuleEngine On\n${rules.join('\n').replace('id:0', 'id:999')}`,
      { uri: '/?a=1&a=2&b=%20B%26amp;C%20', headers: [['User-Agent', 'x\xffy']] },
      filesOf(files),
    );
    expect(errors).toEqual([]);
    expect(conditions.filter((_, at) => !ids.includes(at === 0 ? 999 : at))).toEqual([]);
  });

  it('sets variables that later rules see', () => {
    const body = 'm.setvar("tx.a", m.getvar("ARGS.a")) m.setvar("TX.B", 7)';
    const more = `SecRule TX:a "@streq +5" "id:2,phase:2,pass"
SecRule TX:b "@eq 7" "id:3,phase:2,pass"
SecRule &TX:c "@eq 0" "id:4,phase:2,pass"`;
    expect(matched(body, { uri: '/?a=%2B5' }, more)).toEqual([2, 3, 4]);
  });

  it('removes variables', () => {
    const rules = `SecAction "id:1,phase:1,pass,setvar:tx.a=1"
SecRuleScript a.lua "id:2,phase:2,pass"
SecRule &TX:a "@eq 0" "id:3,phase:2,pass"`;
    expect(judged(rules, main('m.setvar("tx.a", nil)')).matched).toEqual([1, 3]);
  });

  it('takes values as they are, macros and all', () => {
    const more = `SecRule TX:a "@rx ^%.REMOTE_ADDR}$" "id:2,phase:2,pass"`;
    expect(matched('m.setvar("tx.a", "%{REMOTE_ADDR}")', {}, more)).toEqual([2]);
  });

  it('stores in collections that are open, and nowhere else', () => {
    const rules = `SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR}"
SecRuleScript a.lua "id:2,phase:1,pass"
SecRule IP:a "@streq 1" "id:3,phase:1,pass"
SecRule &GLOBAL:a "@eq 0" "id:4,phase:1,pass"`;
    const script = main('m.setvar("ip.a", "1") m.setvar("global.a", "1")');
    expect(judged(rules, script).matched).toEqual([1, 3, 4]);
  });

  it.each([
    [0, 'starts'],
    [1, 'ends'],
  ])('%i: %s a chain', (at) => {
    const links = [
      'SecRuleScript a.lua "id:1,phase:2,pass,chain"\nSecRule ARGS "@streq x"',
      'SecRule ARGS "@streq x" "id:1,phase:2,pass,chain"\nSecRuleScript a.lua "setvar:tx.hit=1"',
    ][at] as string;
    const rules = `${links}\nSecAction "id:2,phase:2,pass"`;
    const script = main('return m.getvar("ARGS.b")');
    expect(judged(rules, script, { uri: '/?a=x&b=y' }).matched).toEqual([1, 2]);
    expect(judged(rules, script, { uri: '/?a=x' }).matched).toEqual([2]);
    expect(judged(rules, script, { uri: '/?b=y' }).matched).toEqual([2]);
  });

  it.each([
    ['error("no")'],
    ['m.getvar("ARGS", "noSuchTransformation")'],
    ['m.setvar("args.a", "1")'],
    ['m.setvar("tx", "1")'],
    ['m.setvar("tx.", "1")'],
    ['m.getvars("ARGS./(/")'],
  ])('that fails does not match, and it is recorded: %s', (body) => {
    const rules = `SecRuleScript a.lua "id:1,phase:2,deny"\nSecAction "id:2,phase:2,pass"`;
    const { matched: ids, errors } = judged(rules, main(body));
    expect({ ids, errors }).toEqual({ ids: [2], errors: ['operator-failed'] });
  });

  it('that does not come to an end is given up, and it is recorded', () => {
    const rules = `SecRuleScript a.lua "id:1,phase:2,deny"
SecRule TX:MSC_PCRE_LIMITS_EXCEEDED "@eq 1" "id:2,phase:2,pass"`;
    const { matched: ids, errors } = judged(rules, main('while true do end'));
    expect({ ids, errors }).toEqual({ ids: [2], errors: ['match-limit'] });
  });

  it('is given hostile values unharmed', () => {
    const evil = '\'"]]--\n\0\xff%n%s\\"..os.exit()';
    const uri = `/?a=${[...evil].map((char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}`;
    const body =
      'local v = m.getvar("ARGS.a") m.setvar("tx.copy", v) m.setvar("tx." .. v, v) return v';
    const verdict = verdictOf(
      `SecRuleScript a.lua "id:1,phase:2,pass,msg:'%{tx.copy}'"`,
      main(body),
      {
        uri,
      },
    );
    expect(verdict.matches[0]?.message).toBe(evil);
  });

  it('can be removed, and needs an id', () => {
    const rules = 'SecRuleScript a.lua "id:1,phase:2,pass"\nSecRuleRemoveById 1';
    expect(judged(rules, main('return "x"')).matched).toEqual([]);
    const files = { 'a.lua': main('') };
    expect(faults('SecRuleScript a.lua "pass"', files).map(({ code }) => code)).toEqual([
      'missing-id',
    ]);
    expect(faults('SecRuleScript a.lua', files).map(({ code }) => code)).toContain(
      'missing-actions',
    );
  });

  it('writes to the debug log', () => {
    const lines: string[] = [];
    const ruleset = loadRuleset('SecRuleEngine On\nSecRuleScript a.lua "id:1,phase:1,pass"', {
      files: filesOf({ 'a.lua': main('m.log(2, "echo 123") m.log(9, "more") print("a", 1)') }),
    });
    const trace = debugTrace(8, { append: (text) => lines.push(text) });
    createWaf({ rules: ruleset, trace }).inspect({ method: 'GET', uri: '/', headers: [] });
    expect(lines.join('')).toContain('[2] echo 123');
    expect(lines.join('')).not.toContain('more');
  });
});

describe.skipIf(!isBuilt)('exec', () => {
  it('runs a script at each match and ignores what it returns', () => {
    const rules = `SecRule ARGS "@rx ." "id:1,phase:2,pass,exec:a.lua"
SecRule TX:seen "@streq ab" "id:2,phase:2,pass"`;
    const script = main(
      'm.setvar("tx.seen", (m.getvar("tx.seen") or "") .. m.getvar("MATCHED_VAR")) return "x"',
    );
    expect(judged(rules, script, { uri: '/?x=a&y=b' }).matched).toEqual([1, 2]);
  });

  it.each([
    ['error("no")', 'script-failed'],
    ['while true do end', 'match-limit'],
  ])('records that %s', (body, code) => {
    const rules = 'SecAction "id:1,phase:1,pass,exec:a.lua"';
    expect(judged(rules, main(body))).toEqual({ matched: [1], codes: [], errors: [code] });
  });
});

describe.skipIf(!isBuilt)('@inspectFile of uploads', () => {
  const script = `function main(path)
  local file = io.open(path, "rb")
  if file == nil then return "not found" end
  local text = file:read("*a")
  file:close()
  if string.find(text, "virus", 1, true) then return "virus" end
  return nil
end`;
  const part = (name: string, content: string): string =>
    `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n${content}\r\n`;
  const sent = (...contents: readonly string[]): Partial<ExchangeRecord> => ({
    method: 'POST',
    headers: [['Content-Type', 'multipart/form-data; boundary=b']],
    body: `${contents.map((content, at) => part(`f${at}`, content)).join('')}--b--\r\n`,
  });
  const rules = 'SecRule FILES_TMPNAMES "@inspectFile a.lua" "id:1,phase:2,pass"';

  it('hands a script their paths, which it can open', () => {
    expect(judged(rules, script, sent('fine', 'a virus')).matched).toEqual([1]);
    expect(judged(rules, script, sent('fine', 'fine')).matched).toEqual([]);
  });

  it('hands it none under modsecurity3 unless uploads are saved', () => {
    const v3 = `SecCompatibility modsecurity3\n`;
    const saved = 'SecTmpSaveUploadedFiles On\n';
    const ids = (text: string): readonly number[] => {
      const ruleset = loadRuleset(`SecRuleEngine On\nSecRequestBodyAccess On\n${text}`, {
        files: filesOf({ 'a.lua': script }),
      });
      const { verdict } = createWaf({ rules: ruleset }).inspect({
        uri: '/',
        headers: [],
        method: 'POST',
        ...sent('a virus'),
      });
      return verdict.matches.map(({ rule }) => rule.id);
    };
    expect(ids(`${v3}${rules}`)).toEqual([]);
    expect(ids(`${v3}${saved}${rules}`)).toEqual([1]);
  });

  it('opens those that are on disk by the paths that they have there', async () => {
    const outside = openOutside();
    const ruleset = loadRuleset(`SecRuleEngine On\nSecRequestBodyAccess On\n${rules}`, {
      files: filesOf({ 'a.lua': script }),
    });
    const waf = createWaf({ rules: ruleset, outside });
    const { verdict } = await waf.inspect({
      uri: '/',
      headers: [],
      method: 'POST',
      ...sent('a virus'),
    });
    expect(verdict.matches).toHaveLength(1);
    await outside.close();
  });
});

describe.skipIf(!isBuilt)('@inspectFile', () => {
  const rules = 'SecRule ARGS "@inspectFile a.lua" "id:1,phase:2,pass"';

  it('gives each value to the script', () => {
    const script = main('return given == "bad" and "found" or nil');
    expect(judged(rules, script, { uri: '/?a=good&b=bad' }).matched).toEqual([1]);
    expect(judged(rules, script, { uri: '/?a=good' }).matched).toEqual([]);
  });

  it('can be negated', () => {
    const negated = rules.replace('@insp', '!@insp');
    expect(judged(negated, main('return nil'), { uri: '/?a=1' }).matched).toEqual([1]);
    expect(judged(negated, main('return "x"'), { uri: '/?a=1' }).matched).toEqual([]);
  });

  it('gives the content of uploads', () => {
    const upload = rules.replace('ARGS', 'FILES_TMP_CONTENT');
    const body =
      '--x\r\nContent-Disposition: form-data; name="f"; filename="a.php"\r\n\r\n<?php\r\n--x--\r\n';
    const headers: ExchangeRecord['headers'] = [
      ['Host', 'shop.test'],
      ['Content-Type', 'multipart/form-data; boundary=x'],
      ['Content-Length', String(body.length)],
    ];
    const script = main('return given:find("<?php", 1, true) and "PHP" or nil');
    expect(judged(upload, script, { method: 'POST', headers, body }).matched).toEqual([1]);
  });
});

describe.skipIf(!isBuilt)('a script that does not load', () => {
  const uses: readonly string[] = [
    'SecRuleScript a.lua "id:1,pass"',
    'SecAction "id:1,pass,exec:a.lua"',
    'SecRule ARGS "@inspectFile a.lua" "id:1,pass"',
  ];

  it.each(uses)('is missing: %s', (rules) => {
    const [fault] = faults(rules, {});
    expect(fault?.code).toBe('missing-data-file');
    expect(fault?.span?.source.name).toBe('r.conf');
  });

  it.each(uses)('is shown at the place of its mistake: %s', (rules) => {
    const text = 'function main()\n  local a = = 1\nend\n';
    const [fault, ...more] = faults(rules, { 'a.lua': text });
    expect(more).toEqual([]);
    expect(fault?.code).toBe('bad-lua');
    expect(fault?.span?.source.name).toBe('a.lua');
    expect(fault?.span?.start).toBe(text.lastIndexOf('='));
  });

  it.each(uses)('is told to have no main: %s', (rules) => {
    expect(faults(rules, { 'a.lua': 'x = 1' }).map(({ code }) => code)).toEqual([
      'lua-without-main',
    ]);
  });
});
