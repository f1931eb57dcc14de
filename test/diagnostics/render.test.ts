import { describe, expect, it } from 'vitest';
import { displayed } from '../../src/diagnostics/code-points.ts';
import { CODES } from '../../src/diagnostics/codes.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { foldDiagnostics, sortDiagnostics } from '../../src/diagnostics/gather.ts';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { jsonReport } from '../../src/diagnostics/render-json.ts';
import { renderSarif } from '../../src/diagnostics/render-sarif.ts';
import type { Source } from '../../src/diagnostics/source.ts';

const source: Source = { name: 'a.conf', text: 'one\n\ttwo\nthree' };

function at(start: number, end: number, code = 'bad-action', in_: Source = source): Diagnostic {
  return { severity: 'error', code, message: 'm', span: { source: in_, start, end } };
}

describe('renderDiagnostics', () => {
  it('frames the line with its neighbours', () => {
    expect(renderDiagnostics([{ ...at(5, 8), help: 'h', notes: ['n'] }])).toBe(
      [
        'a.conf:2:2: error[bad-action]: m',
        '',
        '  1 | one',
        '> 2 |  two',
        '    |  ^^^',
        '  3 | three',
        '',
        '  help: h',
        '  note: n',
        '',
      ].join('\n'),
    );
  });

  it('underlines only the first line of a longer span', () => {
    const lines = renderDiagnostics([at(1, 12)]).split('\n');
    expect(lines.slice(2, 4)).toEqual(['> 1 | one', '    |  ^^']);
  });

  it('shows a caret at the end of the text', () => {
    expect(
      renderDiagnostics([at(14, 14)])
        .split('\n')
        .at(-2),
    ).toBe('    |      ^');
  });

  it('shows a finding without a place in one line', () => {
    const finding: Diagnostic = { severity: 'warning', code: 'x', message: 'm', span: undefined };
    expect(renderDiagnostics([finding])).toBe('warning[x]: m\n');
  });

  it('folds duplicates and stops at the limit', () => {
    const many = Array.from({ length: 150 }, (_, index) => at(0, 1, `c${index}`));
    const text = renderDiagnostics([...many, ...many]);
    expect(text.match(/error\[/g)).toHaveLength(100);
    expect(text).toContain('50 more');
    expect(renderDiagnostics([])).toBe('');
  });

  it('colours only when asked', () => {
    expect(renderDiagnostics([at(0, 1)])).not.toContain('\x1b');
    expect(renderDiagnostics([at(0, 1)], { color: true })).toContain('\x1b[31;1m');
  });

  it('lets no control character of a rule file or a name through', () => {
    const evil: Source = { name: 'a\x1b[2J\n.conf', text: 'x\x1b]0;t\x07\x9b\r\x85y' };
    const finding: Diagnostic = {
      ...at(0, 3, 'bad-action', evil),
      message: '\x1b[1m',
      help: '\x07',
    };
    expect(renderDiagnostics([finding])).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});

describe('displayed', () => {
  it('decodes UTF-8 and escapes what is none', () => {
    expect(displayed('Stra\xc3\x9fe \xf0\x9f\x98\x80 \xe9\xc3')).toBe('Straße 😀 \\xe9\\xc3');
    expect(displayed('\xe2\x80\xae\xc2\x9b\x00')).toBe('\\u{202e}\\u{9b}\\x00');
  });
});

describe('sortDiagnostics', () => {
  it('follows the load order of sources, then offsets', () => {
    const other: Source = { name: 'b.conf', text: 'xyz' };
    const nowhere: Diagnostic = { severity: 'error', code: 'n', message: 'm', span: undefined };
    const all = [at(2, 3, 'd'), at(1, 2, 'b', other), at(0, 1, 'c'), at(0, 1, 'a', other), nowhere];
    expect(
      sortDiagnostics(all, [other, source])
        .map((each) => each.code)
        .join(''),
    ).toBe('nabcd');
  });
});

describe('foldDiagnostics', () => {
  it('takes two inclusions of one file for the same place', () => {
    const again: Source = { ...source };
    expect(foldDiagnostics([at(0, 1), at(0, 1, 'bad-action', again), at(0, 2)])).toHaveLength(2);
  });
});

describe('jsonReport', () => {
  it('counts and places the findings', () => {
    const warning: Diagnostic = { ...at(5, 8), severity: 'warning' };
    const report = jsonReport([at(0, 3), warning]);
    expect(report.errors).toBe(1);
    expect(report.warnings).toBe(1);
    expect(report.diagnostics[1]).toMatchObject({ line: 2, column: 2, endLine: 2, endColumn: 5 });
  });
});

describe('renderSarif', () => {
  it('names only rules that it lists', () => {
    const { runs } = JSON.parse(renderSarif([at(0, 1), at(1, 2, 'unknown-directive')]));
    const ids: string[] = runs[0].tool.driver.rules.map((rule: { id: string }) => rule.id);
    for (const { ruleId, ruleIndex } of runs[0].results) expect(ids[ruleIndex]).toBe(ruleId);
    expect(ids).toEqual(['bad-action', 'unknown-directive']);
  });

  it('writes paths as URI references', () => {
    const odd: Source = { name: 'my rules\\100%#\xc3\xa9.conf', text: 'x' };
    expect(renderSarif([at(0, 1, 'x', odd)])).toContain('"my%20rules/100%25%23%C3%A9.conf"');
  });
});

describe('CODES', () => {
  it('are kebab-case words with an explanation', () => {
    for (const [code, text] of Object.entries(CODES)) {
      expect(code).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      expect(text.length).toBeGreaterThan(40);
    }
  });
});
