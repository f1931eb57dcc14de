// Tells which rules are closed: what they do follows from TX alone, and nothing but TX and the list of matches
// shows that they ran. Setting up a rule set and choosing its paranoia level is done by such rules.
//
// A rule that is not told from others here is run as it is written; one that is wrongly called closed would be
// run for one transaction and repeated for others, so every doubt speaks against it.

import { txKeysOf } from '../library/macro.ts';
import type { Macro, TxUse } from '../model/action.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { Rule, RuleLink } from '../ruleset/ruleset.ts';

/** Collects keys; answers false at the first use that is not of TX alone. */
class Uses {
  readonly reads: Set<string> = new Set();
  readonly writes: Set<string> = new Set();

  addMacro(macro: Macro | undefined): boolean {
    if (macro === undefined) return true;
    const keys = txKeysOf(macro);
    for (const key of keys ?? []) this.reads.add(key);
    return keys !== undefined;
  }

  addLink(link: RuleLink): boolean {
    if (link.operator !== undefined && !this.#addTest(link)) return false;
    return link.effects.every(({ tx }) => tx !== undefined && this.#addUse(tx));
  }

  #addTest({ operator, targets, exclusions, capture, multiMatch }: RuleLink): boolean {
    if (operator === undefined || operator.compiled.isPure !== true) return false;
    if (operator.compiled.asks !== undefined || capture || multiMatch) return false;
    if (exclusions.length > 0) return false;
    for (const { variable, selector, exclusions: own } of targets) {
      if (variable.name !== 'TX' || selector?.kind !== 'literal' || own !== undefined) return false;
      this.reads.add(selector.key);
    }
    return this.addMacro(operator.macro);
  }

  #addUse({ reads, writes }: TxUse): boolean {
    for (const key of reads) this.reads.add(key);
    for (const key of writes) this.writes.add(key);
    return true;
  }
}

/** Undefined for a rule that is not closed. */
export function closedUse(rule: Rule, { actionMatches }: Behaviour): TxUse | undefined {
  const { links, msg, logdata, tags, disruptive, skip, resumeAt } = rule;
  if (disruptive.kind !== 'pass' || skip > 0) return undefined;
  if (resumeAt === Number.POSITIVE_INFINITY) return undefined;
  const isAction = links.some(({ operator }) => operator === undefined);
  // What SecAction shows for its match is the client's address, alone, or that of the last rule that matched.
  if (isAction && (links.length > 1 || actionMatches === 'nothing')) return undefined;
  const uses = new Uses();
  const isClosed =
    links.every((link) => uses.addLink(link)) &&
    [msg, logdata, ...tags].every((macro) => uses.addMacro(macro));
  return isClosed ? { reads: [...uses.reads], writes: [...uses.writes] } : undefined;
}
