// Expands the targets of a link to the elements that its operator is asked about.

import { asciiLower } from '../base/ascii.ts';
import { PERSISTENT } from '../library/actions/collection-path.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { TargetExclusion } from '../model/control.ts';
import type { Pair } from '../model/pair.ts';
import type { TransactionView } from '../model/view.ts';
import type { RuleLink, Target } from '../ruleset/ruleset.ts';
import type { Value } from './values.ts';

/** One value under test. The name is put together only when it is asked for. */
export interface Element {
  readonly value: string;
  readonly target: Target;
  /** Undefined for scalars, counts and documents. */
  readonly pair: Pair | undefined;
  /** Set where the machine has looked at the value before. */
  readonly known?: Value | undefined;
}

/** `ARGS:user`, `REQUEST_METHOD`, `ARGS` for a count, `XML:/*`. */
export function elementName({ target, pair }: Element, view: TransactionView): string {
  const { behaviour } = view.settings;
  const { variable, selector, count } = target;
  if (count && behaviour.countNames === 'as-written')
    return `&${elementName({ value: '', target: { ...target, count: false }, pair }, view)}`;
  if (variable.kind === 'document') {
    return documentName(
      variable.name,
      selector?.kind === 'xpath' ? selector.expression : '',
      behaviour,
    );
  }
  if (variable.kind === 'scalar') {
    return behaviour.scalarNames === 'as-written' ? target.written : variable.name;
  }
  if (pair === undefined) {
    return count && selector !== undefined && selector.kind !== 'xpath'
      ? `${variable.name}:${selector.written}`
      : variable.name;
  }
  if (variable.keyIsName && behaviour.matchedVarsNames === 'original') return pair.key;
  const key = behaviour.nulInNames === 'escaped' ? pair.key.replaceAll('\0', '\\x00') : pair.key;
  if (key === '' && behaviour.emptyKeys === 'bare') return variable.name;
  if (behaviour.persistentNames === 'keyed' && PERSISTENT.includes(variable.name)) {
    const opened = view.persistent(variable.name).get('KEY') ?? '';
    return `${variable.name}:${opened}::${view.settings.webAppId}::${key}`;
  }
  return `${variable.name}:${key}`;
}

/** `XML:/*`; ModSecurity v2 leaves the expression out, Coraza has a name of its own. */
export function documentName(name: string, expression: string, { xmlName }: Behaviour): string {
  if (xmlName === 'bare' || expression === '') return name;
  return xmlName === 'request-xpath' ? `REQUEST_${name}:${expression}` : `${name}:${expression}`;
}

function excludes(exclusion: TargetExclusion, variable: string, key: string | undefined): boolean {
  if (exclusion.variable !== variable) return false;
  if (exclusion.matches !== undefined) return key !== undefined && exclusion.matches(key);
  if (exclusion.key === undefined) return true;
  return key !== undefined && asciiLower(key) === exclusion.key;
}

function isExcluded(
  exclusions: readonly TargetExclusion[],
  variable: string,
  key: string | undefined,
): boolean {
  for (const exclusion of exclusions) if (excludes(exclusion, variable, key)) return true;
  return false;
}

/** The pairs of a collection that the selector picks, before exclusions. */
function selected(target: Target, view: TransactionView): readonly Pair[] {
  const { variable, selector } = target;
  if (variable.kind !== 'collection') return [];
  if (selector?.kind === 'literal') {
    if (variable.find !== undefined) {
      const found = variable.find(view, selector.written);
      return found === undefined ? [] : [found];
    }
    const { key } = selector;
    let pairs: Pair[] | undefined;
    for (const pair of variable.list(view)) {
      if (pair.key.length === key.length && asciiLower(pair.key) === key) {
        pairs ??= [];
        pairs.push(pair);
      }
    }
    return pairs ?? [];
  }
  const list = variable.list(view);
  return selector?.kind === 'regex' ? list.filter((pair) => selector.matches(pair.key)) : list;
}

function expandTarget(
  target: Target,
  exclusions: readonly TargetExclusion[],
  view: TransactionView,
  push: (value: string, pair: Pair | undefined) => void,
): void {
  const { variable, selector } = target;
  switch (variable.kind) {
    case 'scalar': {
      if (exclusions.length > 0 && isExcluded(exclusions, variable.name, undefined)) return;
      const value = variable.read(view);
      if (value !== undefined) push(value, undefined);
      return;
    }
    case 'document': {
      const expression = selector?.kind === 'xpath' ? selector.expression : '';
      if (exclusions.length > 0 && isExcluded(exclusions, variable.name, expression)) return;
      const key = selector?.kind === 'xpath' ? selector.key : '';
      for (const value of variable.select(view, key)) push(value, undefined);
      return;
    }
    case 'collection': {
      const pairs = selected(target, view);
      for (const pair of pairs) {
        if (exclusions.length > 0 && isExcluded(exclusions, variable.name, pair.key)) continue;
        push(pair.value, pair);
      }
    }
  }
}

const NONE: readonly TargetExclusion[] = Object.freeze([]);

/** Those that reach this target: written behind it, or meant for whole variables while it names a key. */
function exclusionsOf(
  target: Target,
  exclusions: readonly TargetExclusion[],
  { exclusionOfWhole }: Behaviour,
): readonly TargetExclusion[] {
  const all = target.exclusions === undefined ? exclusions : [...target.exclusions, ...exclusions];
  if (exclusionOfWhole === 'all-keys' || target.selector === undefined || all.length === 0) {
    return all;
  }
  return all.filter(({ key, matches }) => key !== undefined || matches !== undefined);
}

/**
 * All elements of a link in order: targets as written, elements as they arrived.
 *
 * A count always yields one element, 0 included, so that `&ARGS "@eq 0"` can match on absence.
 */
export function expandTargets(
  link: Pick<RuleLink, 'targets' | 'exclusions'>,
  removed: readonly TargetExclusion[] | undefined,
  view: TransactionView,
  elements: Element[],
): void {
  const exclusions =
    removed === undefined
      ? link.exclusions
      : link.exclusions.length === 0
        ? removed
        : [...link.exclusions, ...removed];
  const { behaviour } = view.settings;
  for (const target of link.targets) {
    const own = exclusionsOf(target, exclusions, behaviour);
    if (!target.count) {
      expandTarget(target, own, view, (value, pair) => {
        elements.push({ value, target, pair, known: undefined });
      });
      continue;
    }
    let count = 0;
    // `&ARGS|!ARGS:a` counts `a` too: exclusions of the rule take elements by name, and a count is named
    // after its collection (ModSecurity v2). What ctl removes is gone from counts as well (Coraza).
    const taken =
      behaviour.countExclusions === 'lowered'
        ? own
        : behaviour.countsBehindCtl === 'kept'
          ? NONE
          : (removed ?? NONE);
    expandTarget(target, taken, view, () => {
      count++;
    });
    elements.push({ value: String(count), target, pair: undefined, known: undefined });
  }
}
