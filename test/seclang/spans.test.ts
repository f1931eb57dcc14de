import { describe, expect, it } from 'vitest';
import type { Span } from '../../src/diagnostics/span.ts';
import { spanInWord } from '../../src/seclang/word.ts';
import { parseText } from './tree.ts';

function textOf(span: Span | undefined): string | undefined {
  return span?.source.text.slice(span.start, span.end);
}

const TEXT = [
  '# comment',
  'SecRule ARGS:a|&TX:/b/ \\',
  '    "!@rx ^\\"a\\',
  'b" \\',
  '    "id:1,\\',
  "    msg:'x',deny\"",
  'SecMarker END',
].join('\n');

describe('spans', () => {
  const [rule, marker] = parseText(TEXT).document.directives;
  if (rule?.type !== 'rule' || marker?.type !== 'marker') throw new Error('not parsed');

  it('cover a directive and its name', () => {
    expect(textOf(rule.span)).toBe(
      TEXT.slice(TEXT.indexOf('SecRule'), TEXT.indexOf('\nSecMarker')),
    );
    expect(textOf(rule.nameSpan)).toBe('SecRule');
    expect(textOf(marker.marker.span)).toBe('END');
  });

  it('cover targets, names and selectors', () => {
    expect(rule.targets.map((target) => textOf(target.span))).toEqual(['ARGS:a', '&TX:/b/']);
    expect(rule.targets.map((target) => textOf(target.nameSpan))).toEqual(['ARGS', 'TX']);
    expect(rule.targets.map((target) => textOf(target.selector?.span))).toEqual(['a', '/b/']);
  });

  it('cover operators across a continuation', () => {
    expect(rule.operator.argument).toBe('^"ab');
    expect(textOf(rule.operator.nameSpan)).toBe('rx');
    expect(textOf(rule.operator.argumentSpan)).toBe('^\\"a\\\nb');
    expect(textOf(rule.operator.span)).toBe('!@rx ^\\"a\\\nb');
  });

  it('cover actions and their values', () => {
    const actions = rule.actions ?? [];
    expect(actions.map((action) => textOf(action.span))).toEqual(['id:1', "msg:'x'", 'deny']);
    expect(actions.map((action) => textOf(action.valueSpan))).toEqual(['1', 'x', undefined]);
  });

  it('lead a range of an argument back past escapes and joins', () => {
    const { word, argumentStart } = rule.operator;
    const at = (start: number, end: number) =>
      textOf(spanInWord(word, argumentStart + start, argumentStart + end));
    expect(at(0, 1)).toBe('^');
    expect(at(1, 2)).toBe('"');
    expect(at(2, 3)).toBe('a');
    expect(at(3, 4)).toBe('b');
    expect(at(2, 4)).toBe('a\\\nb');
    expect(at(4, 4)).toBe('');
    expect(at(40, 90)).toBe('');
  });
});
