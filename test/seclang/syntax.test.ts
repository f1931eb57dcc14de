// What the parser reads differently for other engines.

import { describe, expect, it } from 'vitest';
import { BEHAVIOURS, type Compatibility } from '../../src/model/compatibility.ts';
import type { ActionNode, Directive } from '../../src/seclang/ast.ts';
import { loadDocuments } from '../../src/seclang/include.ts';
import { parse } from '../../src/seclang/parse.ts';

function read(text: string, engine: Compatibility): readonly Directive[] | string {
  const { document, diagnostics } = parse({ name: 'x.conf', text }, BEHAVIOURS[engine]);
  return diagnostics[0]?.code ?? document.directives;
}

function actionsOf(text: string, engine: Compatibility): readonly string[] | string {
  const directives = read(text, engine);
  if (typeof directives === 'string') return directives;
  const actions = directives.flatMap((directive): readonly ActionNode[] =>
    'actions' in directive ? (directive.actions ?? []) : [],
  );
  return actions.map(({ name, value }) => (value === undefined ? name : `${name}:${value}`));
}

describe('parse for other engines', () => {
  it('closes an open list of actions at the line end (libmodsecurity)', () => {
    const text = 'SecRule ARGS "@rx a" "id:1,chain\nSecRule ARGS "@rx b" "t:none"';
    expect(actionsOf(text, 'modsecurity3')).toEqual(['id:1', 'chain', 't:none']);
    expect(actionsOf('SecAction "id:1,pass', 'modsecurity3')).toEqual(['id:1', 'pass']);
    expect(actionsOf(text, 'portcullis')).toBe('unclosed-quote');
    // The operator of a rule is another matter.
    expect(actionsOf('SecRule ARGS "@rx a', 'modsecurity3')).toBe('unclosed-quote');
  });

  it('keeps the place of such a list inside its line', () => {
    const text = 'SecAction "id:1,pass\nSecMarker M';
    const directives = read(text, 'modsecurity3');
    if (typeof directives === 'string') throw new Error(directives);
    expect(directives.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      'SecAction "id:1,pass',
      'SecMarker M',
    ]);
  });

  it('takes an open value to the end of its list (libmodsecurity, Coraza)', () => {
    const text = `SecAction "id:1,msg:'abc"`;
    for (const engine of ['modsecurity3', 'coraza'] as const) {
      expect(actionsOf(text, engine)).toEqual(['id:1', 'msg:abc']);
    }
    expect(actionsOf(text, 'modsecurity2')).toBe('unclosed-quote');
  });

  it('lets blanks stand in values (libmodsecurity, Coraza)', () => {
    const text = 'SecAction "id:1,ctl:ruleRemoveById=1 2,pass"';
    expect(actionsOf(text, 'coraza')).toEqual(['id:1', 'ctl:ruleRemoveById=1 2', 'pass']);
    expect(actionsOf('SecAction "id:1 pass"', 'portcullis')).toEqual(['id:1', 'pass']);
  });

  it('keeps the backslash in front of a quote (libmodsecurity, Coraza)', () => {
    const text = String.raw`SecAction "id:1,msg:'it\'s'"`;
    expect(actionsOf(text, 'coraza')).toEqual(['id:1', String.raw`msg:it\'s`]);
    expect(actionsOf(text, 'portcullis')).toEqual(['id:1', "msg:it's"]);
  });

  it('reads over comments behind settings (libmodsecurity)', () => {
    const directives = read('SecRuleEngine On # x', 'modsecurity3');
    expect(directives).toMatchObject([{ type: 'setting', arguments: [{ text: 'On' }] }]);
    expect(read('SecRuleEngine On # x', 'coraza')).toBe('wrong-argument-count');
  });

  it('reads an empty operator as one that always matches (Coraza)', () => {
    const directives = read('SecRule ARGS "" "id:1"', 'coraza');
    expect(directives).toMatchObject([{ operator: { name: 'rx', argument: '' } }]);
    expect(read('SecRule ARGS "" "id:1"', 'modsecurity3')).toBe('empty-operator');
  });

  it('does not mind an Include that matches no file (Coraza)', () => {
    const roots = [{ name: 'x.conf', text: 'Include *.none' }];
    const problems = (engine: Compatibility): number =>
      loadDocuments(roots, undefined, { syntax: BEHAVIOURS[engine] }).diagnostics.length;
    expect([problems('coraza'), problems('portcullis')]).toEqual([0, 1]);
  });
});
