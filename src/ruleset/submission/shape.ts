// One rule per signature: what else stands in the text, and what belongs to which chain.

import type { Directive, RuleDirective } from '../../seclang/ast.ts';
import type { CheckContext } from '../context.ts';
import { idOf, placeOf } from './signature.ts';

/** What can start a chain or be a link of one. */
type Condition = Extract<Directive, { readonly type: 'rule' | 'action' | 'script' }>;

const isCondition = (directive: Directive): directive is Condition =>
  directive.type === 'rule' || directive.type === 'action' || directive.type === 'script';

const isChained = ({ actions }: Condition): boolean =>
  actions?.some((action) => action.name.toLowerCase() === 'chain') === true;

/** Conditions by chains. As for the engine, only a marker cuts a chain; settings in between do not. */
function chainsOf(directives: readonly Directive[]): readonly (readonly Condition[])[] {
  const chains: Condition[][] = [];
  let open: Condition[] | undefined;
  for (const directive of directives) {
    if (directive.type === 'marker') open = undefined;
    if (!isCondition(directive)) continue;
    if (open === undefined) {
      open = [];
      chains.push(open);
    }
    open.push(directive);
    if (!isChained(directive)) open = undefined;
  }
  return chains;
}

const REMEDIES: Readonly<Record<Exclude<Directive['type'], 'rule'>, string>> = {
  action: 'it matches every request: write a SecRule with a condition',
  script: 'its script is a file, which a submission cannot bring along: write a SecRule',
  marker: 'remove it: there are no other rules to skip',
  'default-action': 'remove it, and write the actions into the rule',
  include: 'put the rule itself here',
  remove: 'remove it: exclusions belong to the configuration of the rule set',
  'update-target': 'remove it: exclusions belong to the configuration of the rule set',
  'update-action': 'remove it: changes of other rules belong to their configuration',
  setting: 'remove it: settings belong to the configuration of the engine',
};

/** The chains that start with a SecRule, after reporting what should not be there. */
export function signaturesIn(
  directives: readonly Directive[],
  context: CheckContext,
): readonly (readonly RuleDirective[])[] {
  const { report } = context;
  for (const directive of directives) {
    if (directive.type === 'rule') continue;
    report.error({
      code: 'not-a-rule',
      message: `${directive.name} is not a SecRule; a signature is one SecRule with those chained to it`,
      span: directive.nameSpan,
      help: REMEDIES[directive.type],
    });
  }
  const signatures = chainsOf(directives)
    .filter(([starter]) => starter?.type === 'rule')
    .map((chain) => chain.filter((link) => link.type === 'rule'));
  const first = signatures[0]?.[0];
  for (const [starter] of signatures.slice(1)) {
    if (starter === undefined || first === undefined) continue;
    const named = idOf(first);
    const hasId = idOf(starter) !== undefined;
    report.error({
      code: 'more-than-one-rule',
      message:
        'this rule is not chained to the one before it, and a signature is one rule or chain',
      span: starter.nameSpan,
      help: hasId
        ? 'submit each rule on its own'
        : 'if both are to match, add "chain" to the rule before; otherwise submit it on its own, with an id',
      notes: [
        `${named === undefined ? 'the first rule' : `rule ${named.id}`} starts at ${placeOf(first.span, context)}`,
      ],
    });
  }
  return signatures;
}
