// JSON paths to one value: members and elements, nothing that selects many (RFC 9535's singular queries).
//
// A bare name, `sub` or `user.id`, is a path from the root: that is how claims are written everywhere.

/** A member's name, as UTF-16 text, or the index of an element. */
export type JsonPath = readonly (string | number)[];

const MAX_STEPS = 64;
const STEP = /\.([^.[\]'"\s]+)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** What is wrong goes on from "... is no JSON path: ". */
export function parseJsonPath(text: string): JsonPath | { readonly problem: string } {
  const written = text.startsWith('$') ? text.slice(1) : `.${text}`;
  const shift = text.length - written.length;
  const steps: (string | number)[] = [];
  let at = 0;
  while (at < written.length) {
    STEP.lastIndex = at;
    const step = STEP.exec(written);
    if (step === null) {
      return {
        problem: `at character ${Math.max(1, at + shift + 1)}, expected .name, [0] or ['name']`,
      };
    }
    const [, member, index, single, double] = step;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(member ?? (single ?? double ?? '').replace(/\\(.)/g, '$1'));
    at = STEP.lastIndex;
  }
  if (steps.includes('*')) return { problem: 'it selects many values, expected a path to one' };
  if (steps.length === 0)
    return { problem: 'it is the whole document, expected a value inside it' };
  if (steps.length > MAX_STEPS) return { problem: `it has more than ${MAX_STEPS} steps` };
  return steps;
}

/** The value at the path; undefined when there is none. Only what the document itself holds is found. */
export function valueAt(document: unknown, path: JsonPath): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    if (Array.isArray(value) !== (typeof step === 'number')) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
