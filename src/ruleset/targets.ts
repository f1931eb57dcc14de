// Resolves the target list of a rule: names to records, selectors to tests, `!` to exclusions.

import { asciiLower } from '../base/ascii.ts';
import type { Behaviour } from '../model/compatibility.ts';
import { ANY_VARIABLE, type TargetExclusion } from '../model/control.ts';
import { OperatorArgumentError } from '../model/operator.ts';
import type { VariableDefinition } from '../model/variable.ts';
import type { TargetNode } from '../seclang/ast.ts';
import type { CheckContext } from './context.ts';
import type { Target, TargetSelector } from './ruleset.ts';
import { suggestion } from './suggestion.ts';

export interface ResolvedTargets {
  readonly targets: readonly Target[];
  readonly exclusions: readonly TargetExclusion[];
}

/** `HTTP_User-Agent` is ModSecurity v2's old spelling of `REQUEST_HEADERS:User-Agent`. */
const HEADER_PREFIX = /^HTTP_(.+)$/i;

interface NamedVariable {
  readonly variable: VariableDefinition;
  readonly header: string | undefined;
}

function resolveName(node: TargetNode, context: CheckContext): NamedVariable | undefined {
  const { variables } = context.library;
  const variable = variables.find(node.name);
  if (variable !== undefined) return { variable, header: undefined };
  const header = HEADER_PREFIX.exec(node.name)?.[1];
  const headers = variables.find('REQUEST_HEADERS');
  if (header !== undefined && headers !== undefined) return { variable: headers, header };
  context.report.error({
    code: 'unknown-variable',
    message: `"${node.name}" is not a variable`,
    span: node.nameSpan,
    help: suggestion(node.name, variables.names),
  });
  return undefined;
}

function keyTest(pattern: string, context: CheckContext): (key: string) => boolean {
  // Unanchored and in any case, as ModSecurity v2 and v3 search keys.
  const matcher = context.compilePattern(pattern, { caseless: true });
  return (key) => matcher.test(key);
}

function resolveSelector(
  node: TargetNode,
  { variable, header }: NamedVariable,
  context: CheckContext,
): TargetSelector | undefined | 'broken' {
  if (header !== undefined) {
    return { kind: 'literal', key: header.toLowerCase(), written: header };
  }
  const { selector } = node;
  if (selector === undefined || selector.value === '') {
    return variable.kind === 'document' ? { kind: 'xpath', expression: '', key: '' } : undefined;
  }
  if (variable.kind === 'scalar') {
    context.report.error({
      code: 'selector-on-scalar',
      message: `"${variable.name}" holds a single value and takes no selector`,
      span: selector.span,
      help: `write ${variable.name} alone`,
    });
    return 'broken';
  }
  if (variable.kind === 'document') {
    return { kind: 'xpath', expression: selector.value, key: selector.value };
  }
  if (selector.kind !== 'regex') {
    const { source, start, end } = selector.span;
    const written =
      context.behaviour.quotedSelectors === 'kept' ? source.text.slice(start, end) : selector.value;
    return { kind: 'literal', key: asciiLower(written), written };
  }
  try {
    return { kind: 'regex', matches: keyTest(selector.value, context), written: selector.value };
  } catch (error) {
    if (!(error instanceof OperatorArgumentError)) throw error;
    context.report.error({
      code: error.code,
      message: error.message,
      span: selector.span,
      help: error.help,
    });
    return 'broken';
  }
}

function exclusionOf(
  variable: VariableDefinition,
  selector: TargetSelector | undefined,
  { exclusionKeys, patternExclusions }: Behaviour,
  update: boolean,
): TargetExclusion {
  if (selector?.kind === 'regex' && patternExclusions === 'all-variables') {
    const { matches, written } = selector;
    return { variable: ANY_VARIABLE, key: undefined, matches, pattern: written };
  }
  if (selector?.kind === 'literal' && exclusionKeys === 'exact' && update) {
    const { written } = selector;
    return { variable: variable.name, key: undefined, matches: (key) => key === written };
  }
  return {
    variable: variable.name,
    key:
      selector?.kind === 'literal'
        ? selector.key
        : selector?.kind === 'xpath' && selector.expression !== ''
          ? selector.expression
          : undefined,
    ...(selector?.kind === 'regex'
      ? { matches: selector.matches, pattern: selector.written }
      : { matches: undefined }),
  };
}

/** Coraza's XML has two keys and no document: without a selector it is both. */
function selectorsOf(
  { variable }: NamedVariable,
  selector: TargetSelector | undefined,
  { xmlReader }: Behaviour,
): readonly (TargetSelector | undefined)[] {
  const whole = variable.kind === 'document' && selector?.kind === 'xpath' && selector.key === '';
  if (!whole || xmlReader === 'document') return [selector];
  return ['//@*', '/*'].map((key) => ({ kind: 'xpath', expression: key, key }));
}

/** `ARGS:a,ARGS:b` as one target, whose key holds the comma (Coraza). */
function withCommas(nodes: readonly TargetNode[]): readonly TargetNode[] {
  const merged: TargetNode[] = [];
  for (const node of nodes) {
    const before = merged.at(-1);
    const { source, start, end } = node.span;
    const behindComma = source.text.slice(before?.span.end, start).includes(',');
    if (before?.selector?.kind !== 'literal' || !behindComma) {
      merged.push(node);
      continue;
    }
    const span = { ...before.selector.span, end };
    const value = source.text.slice(span.start, end);
    merged[merged.length - 1] = {
      ...before,
      selector: { kind: 'literal', value, span },
      span: { ...before.span, end },
    };
  }
  return merged;
}

/**
 * Resolves a target list. Exclusions apply to the whole list wherever they stand (ModSecurity v3; v2
 * goes from left to right, so that `!ARGS:a|ARGS` excludes nothing there).
 */
export function resolveTargets(
  nodes: readonly TargetNode[],
  context: CheckContext,
  update = false,
): ResolvedTargets {
  const { behaviour } = context;
  const targets: Target[] = [];
  const exclusions: TargetExclusion[] = [];
  const read = behaviour.targetCommas === 'in-key' ? withCommas(nodes) : nodes;
  for (const node of read) {
    const named = resolveName(node, context);
    if (named === undefined) continue;
    const selector = resolveSelector(node, named, context);
    if (selector === 'broken') continue;
    if (!node.exclude) {
      for (const each of selectorsOf(named, selector, behaviour)) {
        targets.push({
          variable: named.variable,
          written: node.name,
          count: node.count,
          selector: each,
        });
      }
    } else if (behaviour.exclusionOrder === 'whole-list' || (targets.length === 0 && update)) {
      exclusions.push(exclusionOf(named.variable, selector, behaviour, update));
    } else {
      const exclusion = exclusionOf(named.variable, selector, behaviour, update);
      targets.forEach((target, at) => {
        targets[at] = { ...target, exclusions: [...(target.exclusions ?? []), exclusion] };
      });
    }
  }
  return { targets, exclusions };
}
