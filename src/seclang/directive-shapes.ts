// What the words of a directive are: one node shape for each shape of directive.

import type { Directive, TargetNode, Word } from './ast.ts';
import { type Complain, readActions, readOperator, readTargets } from './directive-parts.ts';
import type { DirectiveDefinition } from './directives.ts';
import type { Recognisers } from './recognisers.ts';
import type { Syntax } from './syntax.ts';

/** A directive without what all directives have. */
export type DirectiveParts<D = Directive> = D extends Directive
  ? Omit<D, 'name' | 'nameSpan' | 'span' | 'comments' | 'detachedComments'>
  : never;

/** The parts of a directive whose number of words is right; undefined when one of them is broken. */
export function directiveParts(
  recognisers: Recognisers,
  definition: DirectiveDefinition,
  words: readonly Word[],
  complain: Complain,
  syntax: Syntax,
): DirectiveParts | undefined {
  const [first, second, third] = words;
  const { shape } = definition;
  if (first === undefined) return { type: 'setting', arguments: words };
  switch (shape) {
    case 'setting':
    case 'dataset':
      return { type: 'setting', arguments: words };
    case 'rule': {
      // All three parts are read before any of them gives up, so that each is heard of at once.
      const targets = readTargets(recognisers, first, complain, syntax);
      const operator = second && readOperator(recognisers, second, complain, syntax);
      const actions = third && readActions(recognisers, third, complain, syntax);
      if (targets === undefined || operator === undefined) return undefined;
      return { type: 'rule', targets, operator, actions };
    }
    case 'action':
    case 'default-action': {
      const actions = readActions(recognisers, first, complain, syntax);
      return actions && { type: shape, actions };
    }
    case 'script':
      return {
        type: 'script',
        path: first,
        actions: second && readActions(recognisers, second, complain, syntax),
      };
    case 'marker':
      return { type: 'marker', marker: first };
    case 'include':
      return { type: 'include', optional: definition.name !== 'Include', path: first };
    case 'remove':
      return { type: 'remove', by: selectsBy(definition), selectors: words };
    case 'update-target': {
      const targets = second && readTargets(recognisers, second, complain, syntax);
      const replaced: readonly TargetNode[] | undefined =
        third && readTargets(recognisers, third, complain, syntax);
      const by = selectsBy(definition);
      return targets && { type: 'update-target', by, selector: first, targets, replaced };
    }
    case 'update-action': {
      const actions = second && readActions(recognisers, second, complain, syntax);
      return actions && { type: 'update-action', selector: first, actions };
    }
  }
}

function selectsBy(definition: DirectiveDefinition): 'id' | 'tag' | 'msg' {
  if (definition.name.endsWith('ByTag')) return 'tag';
  return definition.name.endsWith('ByMsg') ? 'msg' : 'id';
}
