// The rule of a submission as it is written: a SecRule with the rules chained to it.

import { formatPlace } from '../../diagnostics/position.ts';
import type { Span } from '../../diagnostics/span.ts';
import { phaseNumber } from '../../library/actions/phase.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import type { Phase } from '../../model/phase.ts';
import type { VariableDefinition } from '../../model/variable.ts';
import type { ActionNode, RuleDirective, TargetNode } from '../../seclang/ast.ts';
import type { CheckContext } from '../context.ts';
import type { Rule, Ruleset } from '../ruleset.ts';

export interface Signature {
  /** The starter first; never empty. */
  readonly links: readonly RuleDirective[];
  /** In which all links run; undefined when the rule names none that exists. */
  readonly phase: Phase | undefined;
  /** The action that says so; undefined when the rule leaves the phase to the engine. */
  readonly phaseAction: ActionNode | undefined;
  /** What the engine made of it; undefined when it could not. */
  readonly rule: Rule | undefined;
}

/** What the checks of a signature have at hand; they tell its report. */
export interface SignatureContext extends CheckContext {
  /** The rules that the signature is to join. */
  readonly loaded: Ruleset | undefined;
  /** Id of the loaded rule whose place the signature takes. */
  readonly replaces: number | undefined;
  /** Labels that skipAfter can name. */
  readonly markers: ReadonlySet<string>;
}

export type SignatureCheck = (signature: Signature, context: SignatureContext) => void;

export function createSignature(
  links: readonly RuleDirective[],
  rules: readonly Rule[],
  { phaseWithoutAction }: Behaviour,
): Signature {
  const starter = links[0] as RuleDirective;
  const phaseAction = actionsOf(starter, 'phase').at(-1);
  const unsaid = phaseWithoutAction === 'default-action' ? 2 : phaseWithoutAction;
  return {
    links,
    phase: phaseAction === undefined ? unsaid : phaseNumber(phaseAction.value ?? ''),
    phaseAction,
    rule: rules.find((rule) => rule.links[0]?.span === starter.span),
  };
}

export function starterOf({ links }: Signature): RuleDirective {
  return links[0] as RuleDirective;
}

/** The actions of that name, which is given in lower case. */
export function actionsOf(link: RuleDirective, name: string): readonly ActionNode[] {
  return (link.actions ?? []).filter((action) => action.name.toLowerCase() === name);
}

/** The number that the starter gives as its id, whether or not it may; undefined without one. */
export function idOf(starter: RuleDirective): { id: number; span: Span } | undefined {
  const action = actionsOf(starter, 'id').at(-1);
  if (action?.value === undefined || !/^\d{1,10}$/.test(action.value)) return undefined;
  return { id: Number(action.value), span: action.valueSpan ?? action.span };
}

/** What the rule looks at. Names that are not variables are reported elsewhere. */
export function targetsOf(
  { targets }: RuleDirective,
  { library }: CheckContext,
): readonly { readonly target: TargetNode; readonly variable: VariableDefinition }[] {
  return targets.flatMap((target) => {
    const variable = target.exclude ? undefined : library.variables.find(target.name);
    return variable === undefined ? [] : [{ target, variable }];
  });
}

export function placeOf({ source, start }: Span, { locator }: CheckContext): string {
  return formatPlace(source, locator.position(source, start));
}
