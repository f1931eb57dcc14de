// Plain values: copies, comparisons, and changes at a path.

import type { EditPath } from './layout.ts';

export function cloneValue<T>(value: T): T {
  return structuredClone(value);
}

/** The order of keys does not matter. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [Object.entries(a), b as Readonly<Record<string, unknown>>];
  return (
    one.length === Object.keys(b).length &&
    one.every(([key, value]) => Object.hasOwn(other, key) && sameValue(value, other[key]))
  );
}

type Container = Record<string | number, unknown>;

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null;

/** Own values only: a path cannot reach what every object inherits. */
function own(container: Container, step: string | number): unknown {
  return Object.hasOwn(container, step) ? container[step] : undefined;
}

function put(container: Container, step: string | number, value: unknown): void {
  Object.defineProperty(container, step, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

/** Changes `root`. What is missing on the way is made; false when the path leads through a scalar. */
export function setAt(root: unknown, path: EditPath, value: unknown): boolean {
  let here = root;
  for (const [depth, step] of path.entries()) {
    if (!isContainer(here)) return false;
    if (Array.isArray(here) && !(Number.isInteger(Number(step)) && Number(step) <= here.length)) {
      return false;
    }
    if (depth === path.length - 1) {
      put(here, step, value);
      return true;
    }
    let next = own(here, step);
    if (next === undefined) {
      next = path[depth + 1] === 0 ? [] : {};
      put(here, step, next);
    }
    here = next;
  }
  return false;
}

/** Changes `root`; false when there is nothing at the path. */
export function removeAt(root: unknown, path: EditPath): boolean {
  let here = root;
  for (const step of path.slice(0, -1)) here = isContainer(here) ? own(here, step) : undefined;
  const last = path.at(-1);
  if (last === undefined || !isContainer(here) || own(here, last) === undefined) return false;
  if (Array.isArray(here)) here.splice(Number(last), 1);
  else delete here[last];
  return true;
}
