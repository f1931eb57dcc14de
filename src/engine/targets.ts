// Expands the targets of a link to the elements that its operator is asked about.

import { asciiLower } from '../base/ascii.ts';
import { PERSISTENT } from '../library/actions/collection-path.ts';
import type { Behaviour } from '../model/compatibility.ts';
import { ANY_VARIABLE, type TargetExclusion } from '../model/control.ts';
import type { Pair } from '../model/pair.ts';
import type { TransactionView } from '../model/view.ts';
import { pairsNamed } from '../program/facts.ts';
import type { RuleLink, Target } from '../ruleset/ruleset.ts';
import type { Value } from './value.ts';

/** One value under test. The name is put together only when it is asked for. */
export class Element {
  readonly value: string;
  readonly target: Target;
  /** Undefined for scalars, counts and documents. */
  readonly pair: Pair | undefined;
  /** Set where the machine has looked at the value before. */
  known: Value | undefined = undefined;

  constructor(value: string, target: Target, pair: Pair | undefined) {
    this.value = value;
    this.target = target;
    this.pair = pair;
  }
}

/** `ARGS:user`, `REQUEST_METHOD`, `ARGS` for a count, `XML:/*`. */
export function elementName(element: Element, view: TransactionView): string {
  const { behaviour, webAppId } = view.settings;
  const { target, pair } = element;
  const { name } = target.variable;
  if (behaviour.persistentNames === 'keyed' && pair !== undefined && PERSISTENT.includes(name)) {
    const opened = view.persistent(name).get('KEY') ?? '';
    return nameIn(element, behaviour, `${opened}::${webAppId}::`);
  }
  return nameIn(element, behaviour);
}

/** The name, where it follows from the element; `space` stands in front of keys. */
export function nameIn(
  { target, pair }: Pick<Element, 'target' | 'pair'>,
  behaviour: Behaviour,
  space = '',
): string {
  const { variable, selector, count } = target;
  if (count && behaviour.countNames === 'as-written') {
    const counted = { ...target, count: false };
    return `&${nameIn({ target: counted, pair }, behaviour, space)}`;
  }
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
  return `${variable.name}:${space}${key}`;
}

/** `XML:/*`; ModSecurity v2 leaves the expression out, Coraza has a name of its own. */
export function documentName(name: string, expression: string, { xmlName }: Behaviour): string {
  if (xmlName === 'bare' || expression === '') return name;
  return xmlName === 'request-xpath' ? `REQUEST_${name}:${expression}` : `${name}:${expression}`;
}

function excludes(exclusion: TargetExclusion, variable: string, key: string | undefined): boolean {
  if (exclusion.variable !== variable && exclusion.variable !== ANY_VARIABLE) return false;
  if (exclusion.matches !== undefined) return key !== undefined && exclusion.matches(key);
  if (exclusion.key === undefined) return true;
  if (key === undefined || key.length !== exclusion.key.length) return false;
  return asciiLower(key) === exclusion.key;
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
      const found = variable.find(view, selector.key);
      return found === undefined ? [] : [found];
    }
    return pairsNamed(variable.list(view), selector.key);
  }
  if (selector?.kind !== 'regex') return variable.list(view);
  const { matches } = selector;
  return variable.select?.(view, matches) ?? variable.list(view).filter(({ key }) => matches(key));
}

/** The one element of a target that has at most one, or undefined (program/program.ts: Probe). */
export function soleElementOf(target: Target, view: TransactionView): Element | undefined {
  const { variable, selector, count } = target;
  let pair: Pair | undefined;
  let value: string | undefined;
  if (variable.kind === 'scalar') value = variable.read(view);
  else if (variable.kind === 'document') return undefined;
  else if (selector?.kind !== 'literal' || variable.find === undefined) {
    value = String(selected(target, view).length);
  } else {
    const found = variable.find(view, selector.key);
    if (count) value = found === undefined ? '0' : '1';
    else if (found !== undefined) {
      pair = found;
      value = found.value;
    }
  }
  return value === undefined ? undefined : new Element(value, target, pair);
}

function expandTarget(
  target: Target,
  exclusions: readonly TargetExclusion[],
  view: TransactionView,
  elements: Element[],
): void {
  const { variable, selector } = target;
  switch (variable.kind) {
    case 'scalar': {
      if (exclusions.length > 0 && isExcluded(exclusions, variable.name, undefined)) return;
      const value = variable.read(view);
      if (value !== undefined) elements.push(new Element(value, target, undefined));
      return;
    }
    case 'document': {
      const expression = selector?.kind === 'xpath' ? selector.expression : '';
      if (exclusions.length > 0 && isExcluded(exclusions, variable.name, expression)) return;
      const key = selector?.kind === 'xpath' ? selector.key : '';
      for (const value of variable.select(view, key)) {
        elements.push(new Element(value, target, undefined));
      }
      return;
    }
    case 'collection':
      for (const pair of selected(target, view)) {
        if (exclusions.length > 0 && isExcluded(exclusions, variable.name, pair.key)) continue;
        elements.push(new Element(pair.value, target, pair));
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
): readonly Element[] {
  const exclusions =
    removed === undefined
      ? link.exclusions
      : link.exclusions.length === 0
        ? removed
        : [...link.exclusions, ...removed];
  const { targets } = link;
  const [first] = targets;
  // Most links look at one variable of the transaction.
  if (first !== undefined && targets.length === 1 && exclusions.length === 0) {
    const only = soleElement(first, view) ?? elementsOf(first, view);
    if (only !== undefined) return only;
  }
  const { behaviour } = view.settings;
  const elements: Element[] = [];
  for (const target of targets) {
    const own = exclusionsOf(target, exclusions, behaviour);
    if (!target.count) {
      expandTarget(target, own, view, elements);
      continue;
    }
    // `&ARGS|!ARGS:a` counts `a` too: exclusions of the rule take elements by name, and a count is named
    // after its collection (ModSecurity v2). What ctl removes is gone from counts as well (Coraza).
    const taken =
      behaviour.countExclusions === 'lowered'
        ? own
        : behaviour.countsBehindCtl === 'kept'
          ? NONE
          : (removed ?? NONE);
    const counted: Element[] = [];
    expandTarget(target, taken, view, counted);
    const value = String(counted.length);
    elements.push(new Element(value, target, undefined));
  }
  return elements;
}

/** Whether exclusions leave the element out, which is one of the link's only target, a collection. */
export function isLeftOut(
  { pair }: Element,
  link: Pick<RuleLink, 'targets' | 'exclusions'>,
  { settings }: TransactionView,
): boolean {
  const target = link.targets[0] as Target;
  const exclusions = exclusionsOf(target, link.exclusions, settings.behaviour);
  return isExcluded(exclusions, target.variable.name, pair?.key);
}

/** What ctl has left of elements that are no counts. */
export function remainingElements(
  elements: readonly Element[],
  removed: readonly TargetExclusion[],
  { settings }: TransactionView,
): readonly Element[] {
  return elements.filter(({ target, pair }) => {
    const { variable, selector } = target;
    const exclusions = exclusionsOf(target, removed, settings.behaviour);
    if (variable.kind !== 'document') return !isExcluded(exclusions, variable.name, pair?.key);
    const expression = selector?.kind === 'xpath' ? selector.expression : '';
    return !isExcluded(exclusions, variable.name, expression);
  });
}

const NO_ELEMENTS: readonly Element[] = Object.freeze([]);

/** The elements of a target without exclusions; undefined for counts and documents. */
function elementsOf(target: Target, view: TransactionView): readonly Element[] | undefined {
  const { variable, count, exclusions } = target;
  if (count || exclusions !== undefined || variable.kind === 'document') return undefined;
  if (variable.kind === 'scalar') {
    const value = variable.read(view);
    return value === undefined ? NO_ELEMENTS : [new Element(value, target, undefined)];
  }
  const pairs = selected(target, view);
  if (pairs.length === 0) return NO_ELEMENTS;
  return pairs.map((pair) => new Element(pair.value, target, pair));
}

/** The elements of a target without exclusions that has one at most; undefined for all others. */
function soleElement(target: Target, view: TransactionView): readonly Element[] | undefined {
  const { variable, selector, count, exclusions } = target;
  if (exclusions !== undefined || variable.kind !== 'collection') return undefined;
  if (variable.find === undefined || selector?.kind !== 'literal') return undefined;
  const pair = variable.find(view, selector.key);
  if (count) {
    return [new Element(pair === undefined ? '0' : '1', target, undefined)];
  }
  if (pair === undefined) return NO_ELEMENTS;
  return [new Element(pair.value, target, pair)];
}
