// How many edits lead from one word to another: for "did you mean".

/**
 * The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours
 * count 1 each. Answers `limit + 1` as soon as the distance is known to exceed `limit`.
 */
export function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let beforeLast = new Array<number>(to.length + 1).fill(0);
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  let current = new Array<number>(to.length + 1).fill(0);
  for (let row = 1; row <= from.length; row++) {
    current[0] = row;
    let best = row;
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      if (swapped) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current[column] = cost;
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return Math.min(last[to.length]!, limit + 1);
}
