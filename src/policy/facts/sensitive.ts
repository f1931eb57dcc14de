// Values of parameters and bodies that rules count or look through.

import type { Pair } from '../../model/pair.ts';
import type { EnumerationRule } from '../document/threshold-rule.ts';
import type { ExchangeFacts } from './exchange.ts';
import { bodyParameters, plainName } from './parts.ts';

/** The values that an enumeration rule counts, before data types are looked for. */
export function enumerated(
  { of, parameters }: Pick<EnumerationRule, 'of' | 'parameters'>,
  { view, place }: ExchangeFacts,
): readonly string[] {
  const pairs = parametersOf(
    of,
    view.request.argsGet.pairs,
    bodyParameters(view),
    place.parameters,
  );
  const names = parameters === undefined ? undefined : new Set(parameters);
  const values: string[] = [];
  for (const { key, value } of pairs) {
    if (value !== '' && (names === undefined || names.has(key) || names.has(plainName(key))))
      values.push(value);
  }
  return values;
}

function parametersOf(
  of: EnumerationRule['of'],
  query: readonly Pair[],
  body: readonly Pair[],
  path: readonly Pair[],
): readonly Pair[] {
  switch (of) {
    case 'query':
      return query;
    case 'body':
      return body;
    case 'path':
      return path;
    case 'sensitive':
      return [...path, ...query, ...body];
  }
}
