// What a text has to hold, told by classes of its bytes: a formula over a mask of classes.
//
// One-sided: "not held" is a proof, "held" is none. So whatever is too long to keep may be replaced by something
// that is held more often.

/**
 * A mask: at least one of these classes, 0 for what never holds and `ANYTHING` for what always does; or all of
 * several needs, or any.
 */
export type ClassNeed =
  | number
  | { readonly kind: 'all' | 'any'; readonly of: readonly ClassNeed[]; readonly key: string };

export const ANYTHING = -1;
const NEVER = 0;

/** More alternatives than this are weakened to one mask. */
const MOST_ALTERNATIVES = 12;

/** How bytes are sorted into classes, one bit each. */
export interface ByteClasses {
  /** Other classes have another one. */
  readonly key: string;
  readonly ofByte: (byte: number) => number;
  /** `set` holds byte b at bit b & 31 of word b >>> 5. */
  readonly ofSet: (set: Uint32Array) => number;
}

/** Equal keys mean the same need. */
export function needKey(need: ClassNeed): string {
  return typeof need === 'number' ? String(need) : need.key;
}

/** Whether a text with these classes may hold what is needed. */
export function mayHold(need: ClassNeed, classes: number): boolean {
  if (typeof need === 'number') return need === ANYTHING || (need & classes) !== 0;
  const isAll = need.kind === 'all';
  for (const one of need.of) if (mayHold(one, classes) !== isAll) return !isAll;
  return isAll;
}

/** Where a test of `NeedTests` goes on that has an answer. */
const HELD = -1;
const NOT_HELD = -2;
const STEP = 3;

/** Many needs as tests in a row: a mask, and where to go on when the text has one of its classes and when not. */
export interface NeedTests {
  readonly tests: Int32Array;
  /** By need: where its tests begin, or the answer. */
  readonly starts: Int32Array;
}

/** For asking all of the needs about many texts: it answers as `mayHold` does, without walking through objects. */
export function needTests(needs: readonly ClassNeed[]): NeedTests {
  const tests: number[] = [];
  /** From its end to its beginning: each test has to know where to go on. */
  const add = (need: ClassNeed, held: number, notHeld: number): number => {
    if (need === ANYTHING) return held;
    if (need === NEVER) return notHeld;
    if (typeof need === 'number') {
      tests.push(need, held, notHeld);
      return tests.length - STEP;
    }
    const isAll = need.kind === 'all';
    return need.of.reduceRight<number>(
      (next, one) => (isAll ? add(one, next, notHeld) : add(one, held, next)),
      isAll ? held : notHeld,
    );
  };
  const starts = needs.map((need) => add(need, HELD, NOT_HELD));
  return { tests: Int32Array.from(tests), starts: Int32Array.from(starts) };
}

/** Whether a text with these classes may hold the need with this number. */
export function passes({ tests, starts }: NeedTests, need: number, classes: number): boolean {
  let at = starts[need]!;
  while (at >= 0) at = (tests[at]! & classes) !== 0 ? tests[at + 1]! : tests[at + 2]!;
  return at === HELD;
}

export function allOf(needs: readonly ClassNeed[]): ClassNeed {
  const masks: number[] = [];
  let others: Map<string, ClassNeed> | undefined;
  for (const need of needs) {
    if (typeof need === 'number') {
      if (need === NEVER) return NEVER;
      if (need !== ANYTHING && !masks.includes(need)) masks.push(need);
      continue;
    }
    for (const one of need.kind === 'all' ? need.of : [need]) {
      if (typeof one !== 'number') {
        others ??= new Map();
        others.set(one.key, one);
      } else if (!masks.includes(one)) masks.push(one);
    }
  }
  if (others === undefined && masks.length < 2) return masks[0] ?? ANYTHING;
  const narrowest = masks.filter(
    (mask) => !masks.some((other) => other !== mask && (other & ~mask) === 0),
  );
  return joined('all', [...narrowest.sort((a, b) => a - b), ...(others?.values() ?? [])], ANYTHING);
}

export function anyOf(needs: readonly ClassNeed[]): ClassNeed {
  let mask = NEVER;
  const others = new Map<string, Exclude<ClassNeed, number>>();
  for (const need of needs) {
    for (const one of typeof need !== 'number' && need.kind === 'any' ? need.of : [need]) {
      if (one === ANYTHING) return ANYTHING;
      if (typeof one === 'number') mask |= one;
      else others.set(one.key, one);
    }
  }
  if (others.size === 0) return mask;
  const implied = ({ of }: Exclude<ClassNeed, number>): boolean =>
    of.some((one) => typeof one === 'number' && (one & ~mask) === 0);
  let alternatives = unabsorbed([...others.values()].filter((one) => !implied(one)));
  if (alternatives.length > MOST_ALTERNATIVES) {
    const weakened = alternatives.map(weakest);
    if (weakened.includes(ANYTHING)) return ANYTHING;
    mask = weakened.reduce((sum, one) => sum | one, mask);
    alternatives = [];
  }
  return joined('any', [...(mask === NEVER ? [] : [mask]), ...alternatives], NEVER);
}

/** True when whatever holds `narrow` holds `wide`, as far as one look tells. */
function implies(narrow: ClassNeed, wide: ClassNeed): boolean {
  if (typeof narrow === 'number') return typeof wide === 'number' && (narrow & ~wide) === 0;
  if (typeof wide !== 'number' && wide.key === narrow.key) return true;
  return narrow.kind === 'all' && narrow.of.some((one) => implies(one, wide));
}

/** Without alternatives that need more than another one: `a, or a and b` is `a`. */
function unabsorbed(
  alternatives: readonly Exclude<ClassNeed, number>[],
): Exclude<ClassNeed, number>[] {
  const kept: Exclude<ClassNeed, number>[] = [];
  const absorbs = (wide: ClassNeed, narrow: ClassNeed): boolean =>
    typeof wide !== 'number' && wide.kind === 'all'
      ? wide.of.every((one) => implies(narrow, one))
      : implies(narrow, wide);
  for (const one of alternatives) {
    if (kept.some((other) => absorbs(other, one))) continue;
    const others = kept.filter((other) => !absorbs(one, other));
    kept.splice(0, kept.length, ...others, one);
  }
  return kept;
}

/** A mask that holds wherever the need does, of few classes. */
function weakest(need: ClassNeed): number {
  if (typeof need === 'number') return need;
  const masks = need.of.map(weakest);
  if (need.kind === 'any') {
    return masks.includes(ANYTHING) ? ANYTHING : masks.reduce((sum, one) => sum | one, NEVER);
  }
  return masks.reduce((best, one) => (sizeOf(one) < sizeOf(best) ? one : best), ANYTHING);
}

function sizeOf(mask: number): number {
  let size = 0;
  for (let left = mask; left !== 0; left &= left - 1) size++;
  return size;
}

function joined(kind: 'all' | 'any', of: readonly ClassNeed[], empty: number): ClassNeed {
  const [first] = of;
  if (first === undefined) return empty;
  if (of.length === 1) return first;
  return { kind, of, key: `${kind}(${of.map(needKey).sort().join()})` };
}
