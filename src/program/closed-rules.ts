// Tells which rules are closed: what they do follows from TX and a few facts (facts.ts), and nothing but TX and the
// list of matches shows that they ran. Setting up a rule set, choosing its paranoia level and adding up its scores
// are done by such rules, and CRS writes the name of each header to TX.
//
// A rule that is not told from others here is run as it is written; one that is wrongly called closed would be
// run for one transaction and repeated for others, so every doubt speaks against it.

import { txKeysOf } from '../library/macro.ts';
import type { Macro, TxUse } from '../model/action.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { Rule, RuleLink, Target } from '../ruleset/ruleset.ts';
import { factOf } from './facts.ts';

export interface ClosedUse {
  /** Lower-case keys of TX. */
  readonly reads: readonly string[];
  /**
   * What may be repeated: `matches` anything it does; the others no more than that it did not match. `misses-of-keys`
   * look for keys of TX by a pattern; for `misses-of-all` all of TX may matter, to the order of its keys.
   */
  readonly repeats: 'matches' | 'misses' | 'misses-of-keys' | 'misses-of-all';
}

/** Collects keys; answers false at the first use of anything else. */
class Uses {
  readonly reads: Set<string> = new Set();
  writesAny = false;
  captures = false;
  hasFacts = false;
  hasPatterns = false;

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

  #addTest({ operator, targets, exclusions, multiMatch, capture }: RuleLink): boolean {
    this.captures ||= capture;
    if (operator === undefined || operator.compiled.isPure !== true) return false;
    if (operator.compiled.asks !== undefined || multiMatch || exclusions.length > 0) return false;
    return targets.every((target) => this.#addTarget(target)) && this.addMacro(operator.macro);
  }

  #addTarget(target: Target): boolean {
    const { variable, selector, exclusions } = target;
    if (variable.name === 'TX' && selector?.kind === 'literal') {
      this.reads.add(selector.key);
      return exclusions === undefined;
    }
    this.hasFacts = true;
    if (variable.name === 'TX') this.hasPatterns = true;
    return factOf(target) !== undefined;
  }

  #addUse({ reads, writes }: TxUse): boolean {
    for (const key of reads) this.reads.add(key);
    if (writes === 'any') this.writesAny = true;
    return true;
  }
}

/** Rules that look at facts and whose starter fails mostly are told by the filter at no cost. */
function isWorthwhile({ links }: Rule): boolean {
  const [starter] = links;
  if (starter?.operator === undefined) return true;
  const names = starter.targets.some(
    ({ variable, selector }) => variable.kind === 'collection' && selector === undefined,
  );
  // One name among many may match.
  if (names) return starter.effects.length > 0;
  const { negated, macro } = starter.operator;
  if (starter.targets.some(({ variable }) => variable.name === 'TX')) return true;
  return negated || macro !== undefined || links.length > 1;
}

/** Undefined for a rule that is not closed. */
export function closedUse(rule: Rule, { actionMatches }: Behaviour): ClosedUse | undefined {
  const { links, msg, logdata, tags, disruptive, skip, resumeAt } = rule;
  const isAction = links.some(({ operator }) => operator === undefined);
  // What SecAction shows for its match is the client's address, alone, or that of the last rule that matched.
  if (isAction && (links.length > 1 || actionMatches === 'nothing')) return undefined;
  const uses = new Uses();
  if (!links.every((link) => uses.addLink(link))) return undefined;
  const repeats =
    !uses.hasFacts &&
    !uses.writesAny &&
    !uses.captures &&
    disruptive.kind === 'pass' &&
    skip === 0 &&
    resumeAt !== Number.POSITIVE_INFINITY &&
    [msg, logdata, ...tags].every((macro) => uses.addMacro(macro))
      ? 'matches'
      : missesOf(uses);
  if (repeats !== 'matches' && (isAction || !isWorthwhile(rule))) return undefined;
  return { reads: [...uses.reads], repeats };
}

function missesOf({ writesAny, captures, hasPatterns }: Uses): ClosedUse['repeats'] {
  // What is captured takes the place of what was. Keys that are looked for are hardly ever there.
  if (writesAny || (captures && !hasPatterns)) return 'misses-of-all';
  return hasPatterns ? 'misses-of-keys' : 'misses';
}
