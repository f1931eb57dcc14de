// The document's JSON Schema, made from the schema that validates it: editors complete and check with it.
//
// What a schema of one rule cannot say (unique names, names that are referred to, contradictions) is checked by
// policy/check only.

import { z } from 'zod';
import { policyDocument } from './document.ts';

export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

const TITLE = 'Portcullis policy document';

/** JSON Schema 2020-12 of what may be written. */
export function policyJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(policyDocument, { io: 'input', unrepresentable: 'any' });
  return { title: TITLE, ...schema } as JsonSchema;
}

/** The keys that may stand in the mapping at `path`. */
export function keysAt(schema: JsonSchema, path: readonly PropertyKey[]): readonly string[] {
  return [
    ...new Set(schemasAt(schema, path).flatMap(({ properties = {} }) => Object.keys(properties))),
  ];
}

/** The values that are named for the scalar at `path`. */
export function valuesAt(schema: JsonSchema, path: readonly PropertyKey[]): readonly string[] {
  const values = schemasAt(schema, path).flatMap((one) =>
    one.const === undefined ? (one.enum ?? []) : [one.const],
  );
  return [...new Set(values.map(String))];
}

/** The sets of fields that may stand together in the mapping at `path`. */
export function formsAt(
  schema: JsonSchema,
  path: readonly PropertyKey[],
): readonly (readonly string[])[] {
  return schemasAt(schema, path).flatMap(({ properties }) =>
    properties === undefined ? [] : [Object.keys(properties)],
  );
}

function schemasAt(schema: JsonSchema, path: readonly PropertyKey[]): readonly JsonSchema[] {
  let here = alternatives(schema);
  for (const step of path) {
    here = here.flatMap((one) => {
      const next =
        typeof step === 'number'
          ? one.items
          : (one.properties?.[String(step)] ?? one.additionalProperties);
      return typeof next === 'object' ? alternatives(next) : [];
    });
  }
  return here;
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const { anyOf = [], oneOf = [], allOf = [] } = schema;
  return [schema, ...[...anyOf, ...oneOf, ...allOf].flatMap(alternatives)];
}
