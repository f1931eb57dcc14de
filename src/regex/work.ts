// An upper bound on what backtracking can cost, as a polynomial in the length of the subject.
//
// V8 has no step limit, so it is only given subjects on which its worst case is known to be small. The
// bound counts, for each node, the ways it can match from one position and the steps it takes to go
// through all of them. It is generous: what it cannot bound is Infinity.

import type { Node } from './ast.ts';
import { intersects } from './byte-set.ts';
import { firstBytes } from './simplify.ts';
import { maxWidth, minWidth } from './width.ts';

/** Coefficients by rising power of the length. */
type Polynomial = readonly number[];

interface Cost {
  readonly ways: Polynomial;
  readonly steps: Polynomial;
}

const ONE: Polynomial = [1];
const LENGTH: Polynomial = [1, 1];
const UNBOUNDED: Polynomial = [Infinity];
const MAX_DEGREE = 6;

/** Steps that a byte may cost in V8, on average over the subject. */
export const V8_STEPS_PER_BYTE = 2048;
/** Subjects shorter than this count as this long. */
const SHORT_BYTES = 16;

/**
 * The longest subject that V8 is given; Infinity when the pattern is linear, 0 when it is never
 * given any. `anchored`: the search tries one start position only.
 */
export function v8SubjectLimit(root: Node, anchored: boolean): number {
  const { steps } = costOf(root, groupWidths(root));
  const search = anchored ? steps : times(steps, LENGTH);
  const fits = (length: number): boolean =>
    evaluate(search, length) <= V8_STEPS_PER_BYTE * Math.max(length, SHORT_BYTES);
  const huge = 2 ** 30;
  if (fits(huge)) return Infinity;
  let low = 0;
  let high = huge;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function costOf(node: Node, widths: ReadonlyMap<number, number>): Cost {
  switch (node.kind) {
    case 'set':
    case 'assert':
      return { ways: ONE, steps: ONE };
    case 'backreference': {
      const width = widths.get(node.index) ?? Infinity;
      return { ways: ONE, steps: width === Infinity ? LENGTH : [width + 1] };
    }
    case 'foreign':
      return { ways: UNBOUNDED, steps: UNBOUNDED };
    case 'group':
      return costOf(node.body, widths);
    case 'atomic':
    case 'look':
      return { ways: ONE, steps: plus(ONE, costOf(node.body, widths).steps) };
    case 'sequence': {
      let ways: Polynomial = ONE;
      let steps: Polynomial = ONE;
      for (const item of node.items) {
        const cost = costOf(item, widths);
        steps = plus(steps, times(ways, cost.steps));
        ways = times(ways, cost.ways);
      }
      return { ways, steps };
    }
    case 'choice': {
      const costs = node.options.map((option) => costOf(option, widths));
      const steps = costs.map((cost) => cost.steps).reduce(plus, [costs.length]);
      const ways = costs.map((cost) => cost.ways).reduce(exclusive(node.options) ? most : plus);
      return { ways, steps };
    }
    case 'repeat': {
      const body = costOf(node.body, widths);
      const inner = repeated(body, node.min, node.max, minWidth(node.body) > 0);
      return node.mode === 'possessive' ? { ways: ONE, steps: inner.steps } : inner;
    }
  }
}

/** The most bytes each group captures. */
function groupWidths(root: Node): Map<number, number> {
  const widths = new Map<number, number>();
  const visit = (node: Node): void => {
    if (node.kind === 'group') widths.set(node.index, maxWidth(node.body));
    if (node.kind === 'sequence') node.items.forEach(visit);
    else if (node.kind === 'choice') node.options.forEach(visit);
    else if ('body' in node) visit(node.body);
  };
  visit(root);
  return widths;
}

function repeated(body: Cost, min: number, max: number, consumes: boolean): Cost {
  const single = body.ways.length === 1 && body.ways[0] === 1;
  if (single && consumes) {
    const rounds: Polynomial = max === Infinity ? LENGTH : [max + 1];
    const ways: Polynomial = max === Infinity ? LENGTH : [max - min + 1];
    return { ways, steps: times(rounds, plus(ONE, body.steps)) };
  }
  if (max > 8) return { ways: UNBOUNDED, steps: UNBOUNDED };
  let ways: Polynomial = ONE;
  let steps: Polynomial = ONE;
  let reached: Polynomial = ONE;
  for (let round = 1; round <= max; round++) {
    steps = plus(steps, times(reached, plus(ONE, body.steps)));
    reached = times(reached, body.ways);
    ways = plus(ways, reached);
  }
  return { ways, steps };
}

/** True when at most one option can match at any position: none is empty, no first byte is shared. */
function exclusive(options: readonly Node[]): boolean {
  if (options.length > 64 || options.some((option) => minWidth(option) === 0)) return false;
  const firsts = options.map(firstBytes);
  return firsts.every(
    (first, at) => !firsts.slice(0, at).some((other) => intersects(first, other)),
  );
}

function plus(left: Polynomial, right: Polynomial): Polynomial {
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, power) => (left[power] ?? 0) + (right[power] ?? 0));
}

function most(left: Polynomial, right: Polynomial): Polynomial {
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, power) => Math.max(left[power] ?? 0, right[power] ?? 0));
}

function times(left: Polynomial, right: Polynomial): Polynomial {
  if (left.includes(Infinity) || right.includes(Infinity)) return UNBOUNDED;
  if (left.length + right.length - 2 > MAX_DEGREE) return UNBOUNDED;
  const product = new Array<number>(left.length + right.length - 1).fill(0);
  left.forEach((a, power) => {
    right.forEach((b, other) => {
      product[power + other]! += a * b;
    });
  });
  return product;
}

function evaluate(polynomial: Polynomial, length: number): number {
  return polynomial.reduceRight((sum, coefficient) => sum * length + coefficient, 0);
}
