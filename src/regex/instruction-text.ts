// Sets of instructions as texts, so that states can be found by them.

/** The first `count`, in order and each once; `instructions` is changed. A program has fewer than 65,536. */
export function sortedText(instructions: Uint16Array, count: number): string {
  if (count === 0) return '';
  if (count === 1) return String.fromCharCode(instructions[0]!);
  const sorted = instructions.subarray(0, count);
  if (count <= SHORT) sortShort(sorted);
  else sorted.sort();
  let last = 0;
  for (let at = 1; at < count; at++) {
    if (sorted[at] !== sorted[last]) sorted[++last] = sorted[at]!;
  }
  return String.fromCharCode.apply(null, sorted.subarray(0, last + 1) as unknown as number[]);
}

const SHORT = 16;

function sortShort(numbers: Uint16Array): void {
  for (let at = 1; at < numbers.length; at++) {
    const number = numbers[at]!;
    let to = at;
    for (; to > 0 && numbers[to - 1]! > number; to--) numbers[to] = numbers[to - 1]!;
    numbers[to] = number;
  }
}
