// Lua in its thread: what scripts can do, what they cannot, and what becomes of those that go wrong. The
// thread runs the built module.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MatchLimitError } from '../../src/model/operator.ts';
import type { Pair } from '../../src/model/pair.ts';
import { ScriptError, type ScriptHost } from '../../src/model/script.ts';
import { LuaScripts } from '../../src/waf/lua-scripts.ts';

const isBuilt = existsSync(fileURLToPath(new URL('../../dist/waf/lua-thread.js', import.meta.url)));
if (!isBuilt && process.env['CI'] === 'true') throw new Error('run "npm run build" first');

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

class RecordingHost implements ScriptHost {
  readonly calls: unknown[] = [];
  pairs: readonly Pair[] = [];

  log(level: number, text: string): void {
    this.calls.push(['log', level, text]);
  }

  variables(name: string, transformations: readonly string[], first: boolean): readonly Pair[] {
    this.calls.push(['variables', name, transformations, first]);
    if (name === 'nothing') throw new ScriptError('there is nothing');
    return first ? this.pairs.slice(0, 1) : this.pairs;
  }

  upload(path: string): string | undefined {
    return path === '/up/1' ? 'one\r\n22 \xff\n\nlast' : undefined;
  }

  setVariable(name: string, value: string | undefined): void {
    this.calls.push(['set', name, value]);
  }
}

describe.skipIf(!isBuilt)('Lua scripts', () => {
  // Generous, so that a busy machine does not decide which error comes first.
  const scripts = new LuaScripts(20_000);
  const returned = (
    body: string,
    argument?: string,
    host: ScriptHost = new RecordingHost(),
  ): string | undefined =>
    scripts
      .load({ name: 'test.lua', text: `function main(given) ${body} end` })
      .run(argument, host);

  it.each([
    ['return "found"', 'found'],
    ['return ""', ''],
    ['return 7', '7'],
    ['return 1.5', '1.5'],
    ['return nil', undefined],
    ['', undefined],
    ['return true', undefined],
    ['return false', undefined],
    ['return {}', undefined],
    ['return main', undefined],
    ['return "a", "b"', 'a'],
    ['return "a\\0\\255"', 'a\0\xff'],
  ])('%s comes to %j', (body, expected) => {
    expect(returned(body)).toBe(expected);
  });

  it('are given their argument, and none without one', () => {
    expect(returned('return given', 'a.txt')).toBe('a.txt');
    expect(returned('return type(given)', '')).toBe('string');
    expect(returned('return type(given)')).toBe('nil');
  });

  it('take and return any bytes', () => {
    const echo = scripts.load({
      name: 'echo.lua',
      text: 'function main(s) return m.getvar(s) end',
    });
    const host = new RecordingHost();
    const bytes = fc.uint8Array({ maxLength: 200 }).map((list) => String.fromCharCode(...list));
    fc.assert(
      fc.property(bytes, (text) => {
        host.calls.length = 0;
        host.pairs = [{ key: 'x', value: text }];
        expect(echo.run(text, host)).toBe(text);
        if (text !== 'nothing') expect(host.calls).toEqual([['variables', text, [], true]]);
      }),
      { numRuns: RUNS },
    );
  });

  it('load or name a fault, whatever their text', () => {
    const words = fc.constantFrom(
      ...[
        'function',
        ' main',
        '()',
        ' end',
        ' return',
        '"',
        '[[',
        ']]',
        '--',
        '\n',
        '=',
        '{',
        'x',
        '\xff',
      ],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (list) => {
        const text = list.join('');
        const { fault } = scripts.load({ name: 'x.lua', text });
        if (fault === undefined) return;
        expect(fault.start).toBeGreaterThanOrEqual(0);
        expect(fault.start).toBeLessThanOrEqual(fault.end);
        expect(fault.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: RUNS },
    );
  });

  it('call the engine through m', () => {
    const host = new RecordingHost();
    host.pairs = [
      { key: 'ARGS:a', value: '1' },
      { key: 'ARGS:b', value: '2' },
    ];
    const text = returned(
      `m.log(4, "hello")
       m.setvar("tx.a", "1") m.setvar("tx.b", 2) m.setvar("tx.c", nil)
       local all = m.getvars("ARGS", { "lowercase", "trim" })
       return m.getvar("ARGS.a", "lowercase") .. #all .. all[2].name .. all[2].value`,
      undefined,
      host,
    );
    expect(text).toBe('12ARGS:b2');
    expect(host.calls).toEqual([
      ['log', 4, 'hello'],
      ['set', 'tx.a', '1'],
      ['set', 'tx.b', '2'],
      ['set', 'tx.c', undefined],
      ['variables', 'ARGS', ['lowercase', 'trim'], false],
      ['variables', 'ARGS.a', ['lowercase'], true],
    ]);
  });

  it('get nil and an empty table for what is not there', () => {
    expect(returned('return type(m.getvar("X")) .. #m.getvars("X")')).toBe('nil0');
  });

  it.each([
    ['m.getvar()'],
    ['m.getvar({})'],
    ['m.getvar("ARGS", 1 == 1)'],
    ['m.getvar("ARGS", { {} })'],
    ['m.setvar("tx.a")'],
    ['m.setvar("tx.a", {})'],
    ['m.log("a")'],
    ['m.getvar("nothing")'],
  ])('see an error after %s, and can catch it', (call) => {
    expect(() => returned(call)).toThrow(ScriptError);
    expect(returned(`return tostring(pcall(function() ${call} end))`)).toBe('false');
  });

  it.each([
    ['error("no")'],
    ['error({})'],
    ['error()'],
    ['return nil .. "a"'],
    ['return missing()'],
    ['local function f() return 1 + f() end return f()'],
    ['return ("x"):rep(1 << 30)'],
    ['local t = {} for i = 1, 1e6 do t[i] = ("x"):rep(99999) .. i end'],
    ['local function f(s) return (s:gsub(".", f)) end return f("a")'],
    ['local function f() return coroutine.wrap(f)() end return f()'],
    ['return string.find(("a"):rep(2e5), (".-"):rep(2e5) .. "b")'],
  ])('that fail throw, and the next one runs: %s', (body) => {
    expect(() => returned(body)).toThrow(ScriptError);
    expect(returned('return "next"')).toBe('next');
  });

  it('say where they failed', () => {
    const script = scripts.load({
      name: 'rules/check.lua',
      text: 'function main()\n  return nil .. "a"\nend',
    });
    expect(() => script.run(undefined, new RecordingHost())).toThrow(/check\.lua:2:/);
  });

  it.each([
    ['io.popen'],
    ['io.output'],
    ['io.stdout'],
    ['io.tmpfile'],
    ['m.upload'],
    ['require'],
    ['package'],
    ['debug'],
    ['dofile'],
    ['loadfile'],
    ['warn'],
    ['string.dump'],
    ['os.execute'],
    ['os.getenv'],
    ['os.remove'],
    ['os.rename'],
    ['os.tmpname'],
    ['os.exit'],
    ['os.setlocale'],
    ['getmetatable("").__index.dump'],
  ])('have no %s', (name) => {
    expect(returned(`return type(${name})`)).toBe('nil');
  });

  const FILE = 'local f = assert(io.open("/up/1", "rb"))';
  it.each([
    [`${FILE} return f:read("*a")`, 'one\r\n22 \xff\n\nlast'],
    [
      `${FILE} return f:read("a") .. f:read("a") .. tostring(f:read("l"))`,
      'one\r\n22 \xff\n\nlastnil',
    ],
    [`${FILE} return f:read("*all")`, 'one\r\n22 \xff\n\nlast'],
    [`${FILE} return f:read()`, 'one\r'],
    [`${FILE} return f:read("L")`, 'one\r\n'],
    [`${FILE} f:read() return f:read("n")`, '22'],
    [`${FILE} return f:read(2) .. f:read(3)`, 'one\r\n'],
    [`${FILE} local a, b = f:read("l", 2) return b`, '22'],
    [`${FILE} f:seek("end", -4) return f:read("a")`, 'last'],
    [`${FILE} f:read("a") return f:read(1)`, undefined],
    [`${FILE} return f:seek("set", -1)`, undefined],
    [`${FILE} local n = 0 for _ in f:lines() do n = n + 1 end return n`, '4'],
    ['local last for line in io.lines("/up/1") do last = line end return last', 'last'],
    [`${FILE} f:close() return io.type(f)`, 'closed file'],
    [`${FILE} return io.type(f)`, 'file'],
    [`${FILE} return (f:write("x"))`, undefined],
    ['return (io.open("/etc/passwd"))', undefined],
    ['return select(2, io.open("/etc/passwd"))', '/etc/passwd: No such file or directory'],
    ['return select(2, io.open("/up/1", "w"))', '/up/1: Permission denied'],
  ])('read uploads, and nothing else: %s', (body, expected) => {
    expect(returned(body)).toBe(expected);
  });

  it.each([
    `${FILE} f:close() f:read()`,
    `${FILE} f:read("x")`,
    `${FILE} f.read({})`,
    'io.lines("/etc/passwd")',
    'io.open()',
    'io.open({})',
  ])('that misuse files fail: %s', (body) => {
    expect(() => returned(body)).toThrow(ScriptError);
  });

  it.each([
    ['os.time() > 0'],
    ['os.date("%Y") > "2000"'],
    ['os.clock() >= 0'],
    ['load("return 1 + 1")() == 2'],
    ['load("return x", "n", "t", { x = 3 })() == 3'],
    ['load("\\27Lua") == nil'],
    ['load("\\27Lua", "n", "b") == nil'],
    ['utf8.len("\\u{20ac}") == 1'],
    ['print("a") == nil'],
    ['_VERSION == "Lua 5.4"'],
  ])('have %s', (condition) => {
    expect(returned(`return tostring(${condition})`)).toBe('true');
  });

  it('leave nothing behind', () => {
    const script = scripts.load({
      name: 'count.lua',
      text: `count = (count or 0) + 1
        function main()
          string.count = (string.count or 0) + 1
          local shared = getmetatable("")
          shared.count = (shared.count or 0) + 1
          return count .. string.count .. shared.count
        end`,
    });
    const host = new RecordingHost();
    expect([script.run(undefined, host), script.run(undefined, host)]).toEqual(['111', '111']);
  });

  it.each([
    ['while true do end'],
    ['while true do pcall(function() while true do end end) end'],
    ['setmetatable({}, { __gc = function() while true do end end })'],
    ['while true do m.log(9, "x") end'],
    ['return string.find(("a"):rep(5000), ("a-"):rep(100) .. "b")'],
  ])('that take too long are ended, and the next one runs: %s', (body) => {
    const hasty = new LuaScripts(100);
    const endless = hasty.load({ name: 'endless.lua', text: `function main() ${body} end` });
    const other = hasty.load({ name: 'other.lua', text: 'function main() return "fine" end' });
    expect(() => endless.run(undefined, new RecordingHost())).toThrow(MatchLimitError);
    expect(other.run(undefined, new RecordingHost())).toBe('fine');
    expect(() => endless.run(undefined, new RecordingHost())).toThrow(MatchLimitError);
  });

  it('end with an error of the engine, and the next one runs', () => {
    const host = new RecordingHost();
    host.log = () => {
      throw new RangeError('the engine failed');
    };
    expect(() => returned('m.log(1, "x")', undefined, host)).toThrow(RangeError);
    expect(returned('return "next"')).toBe('next');
  });

  it.each([
    ['x = = 3', '='],
    ['function main()\n  local a = 1 +\nend', 'end'],
    ['x = 1\ny = = = 2', '='],
    ['function main() return 1', ''],
    ['for i = 1 do end', 'do'],
    ['goto nowhere', ''],
    ['local a <const> = 1\na = 2', ''],
    ['x = "abc\ny = 1', '"abc'],
    ['\xef\xbb\xbf#!/usr/bin/lua\nx = = 1', '='],
    ['\x1bLua', undefined],
    ['('.repeat(10_000), undefined],
  ])('name the fault of %j', (text, word) => {
    const { fault } = scripts.load({ name: 'bad.lua', text });
    expect(fault).toBeDefined();
    if (word !== undefined) expect(text.slice(fault?.start, fault?.end).trim()).toContain(word);
  });

  it('name the place of a word that occurs more than once', () => {
    const text = 'x = 1\ny = = 2';
    const { fault } = scripts.load({ name: 'bad.lua', text });
    expect(fault?.start).toBe(text.lastIndexOf('='));
  });

  it('pass over a first line that begins with #', () => {
    const text = '\xef\xbb\xbf#!/usr/bin/lua\nfunction main() return "a" end';
    expect(scripts.load({ name: 'a.lua', text }).run(undefined, new RecordingHost())).toBe('a');
  });
});
