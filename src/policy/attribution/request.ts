// What attribution reads of a request: a part of the view that rules have, so that any view fits.

import { asciiLower } from '../../base/ascii.ts';
import type { Pair } from '../../model/pair.ts';
import type { RequestPart, RequestPlace } from './schema.ts';

interface Pairs {
  readonly pairs: readonly Pair[];
}

/** Values are byte strings; those of queries and bodies are decoded. */
export interface AttributionRequest {
  readonly headers: Pairs;
  readonly cookies: Pairs;
  readonly argsGet: Pairs;
  readonly argsPost: Pairs;
  /** All parameters, those of JSON bodies too; they are the only ones that begin with `json.`. */
  readonly args: Pairs;
}

/**
 * The values of that name, each once. Names of headers are found in any case; a name of a body parameter
 * is that of a form field or the path of a JSON member.
 */
export function valuesOf(
  request: AttributionRequest,
  part: RequestPart,
  name: string,
): readonly string[] {
  switch (part) {
    case 'header': {
      const wanted = asciiLower(name);
      return distinct(request.headers.pairs, (key) => asciiLower(key) === wanted);
    }
    case 'cookie':
      return distinct(request.cookies.pairs, (key) => key === name);
    case 'query':
      return distinct(request.argsGet.pairs, (key) => key === name);
    case 'body':
      return bodyValues(request, name);
  }
}

function bodyValues({ args, argsGet, argsPost }: AttributionRequest, name: string): string[] {
  const member = name.startsWith('json.') ? name : `json.${name}`;
  const named = args.pairs.filter(({ key }) => key === member);
  // A query parameter may be called `json.user`, too; it is the same object in both lists.
  const inQuery = new Set(named.length === 0 ? [] : argsGet.pairs);
  const inBody = named.filter((pair) => !inQuery.has(pair));
  return distinct([...argsPost.pairs, ...inBody], (key) => key === name || key === member);
}

function distinct(pairs: readonly Pair[], isMeant: (key: string) => boolean): string[] {
  const values = new Set<string>();
  for (const { key, value } of pairs) if (isMeant(key)) values.add(value);
  return [...values];
}

/** Two values that differ: no telling which one the application takes. */
export interface AmbiguousValue {
  readonly kind: 'ambiguous-value';
  readonly text: string;
}

/** The only value at the place; undefined when there is none. */
export function singleValue(
  request: AttributionRequest,
  { part, name }: RequestPlace,
): string | AmbiguousValue | undefined {
  const values = valuesOf(request, part, name);
  if (values.length < 2) return values[0];
  return { kind: 'ambiguous-value', text: `${values.length} different values of ${part} ${name}` };
}
