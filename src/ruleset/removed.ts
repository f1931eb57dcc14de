// The rules that SecRuleRemoveBy... took out, for logs that tell why a rule did not run.

import type { Phase } from '../model/phase.ts';
import type { Item, LinkBuild } from './build.ts';
import type { CheckContext } from './context.ts';
import type { RemovedRule } from './ruleset.ts';

export function removedRules(
  items: readonly Item[],
  { locator }: CheckContext,
): readonly RemovedRule[] {
  const removed: RemovedRule[] = [];
  let before = 0;
  for (const item of items) {
    if (item.kind !== 'rule') continue;
    if (!item.removed) before++;
    else if (item.removedBy !== undefined) {
      const { span, operator } = item.links[0] as LinkBuild;
      removed.push({
        id: item.id,
        file: span.source.name,
        line: locator.position(span.source, span.start).line,
        hasOperator: operator !== undefined,
        phase: item.phase as Phase,
        by: item.removedBy,
        before,
      });
    }
  }
  return Object.freeze(removed);
}
