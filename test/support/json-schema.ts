// A validator of JSON Schema 2020-12, as far as schemas of policies go; a word that it does not know is an error, so
// that nothing of a schema passes unread.

type Schema = boolean | Readonly<Record<string, unknown>>;
type Keyword = (
  argument: never,
  value: unknown,
  schema: Readonly<Record<string, unknown>>,
) => boolean;

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isMapping,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
};

const number =
  (test: (value: number, limit: number) => boolean) => (limit: number, value: unknown) =>
    typeof value !== 'number' || test(value, limit);
const length =
  (kind: 'string' | 'array', test: (length: number, limit: number) => boolean) =>
  (limit: number, value: unknown) =>
    !(kind === 'string' ? typeof value === 'string' : Array.isArray(value)) ||
    test((value as string | readonly unknown[]).length, limit);

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $schema: () => true,
  title: () => true,
  description: () => true,
  default: () => true,
  type: (type: string, value) => TYPES[type]?.(value) ?? false,
  const: (only: unknown, value) => value === only,
  enum: (among: readonly unknown[], value) => among.includes(value),
  pattern: (pattern: string, value) =>
    typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  minimum: number((value, limit) => value >= limit),
  maximum: number((value, limit) => value <= limit),
  exclusiveMinimum: number((value, limit) => value > limit),
  minLength: length('string', (size, limit) => size >= limit),
  maxLength: length('string', (size, limit) => size <= limit),
  minItems: length('array', (size, limit) => size >= limit),
  items: (items: Schema, value) =>
    !Array.isArray(value) || value.every((item) => isValid(items, item)),
  required: (names: readonly string[], value) =>
    !isMapping(value) || names.every((name) => Object.hasOwn(value, name)),
  properties: (properties: Readonly<Record<string, Schema>>, value) =>
    !isMapping(value) ||
    Object.entries(value).every(
      ([key, one]) => !Object.hasOwn(properties, key) || isValid(properties[key] as Schema, one),
    ),
  additionalProperties: (rest: Schema, value, { properties = {} }) =>
    !isMapping(value) ||
    Object.entries(value).every(
      ([key, one]) => Object.hasOwn(properties as object, key) || isValid(rest, one),
    ),
  propertyNames: (names: Schema, value) =>
    !isMapping(value) || Object.keys(value).every((key) => isValid(names, key)),
  anyOf: (schemas: readonly Schema[], value) => schemas.some((schema) => isValid(schema, value)),
  allOf: (schemas: readonly Schema[], value) => schemas.every((schema) => isValid(schema, value)),
  oneOf: (schemas: readonly Schema[], value) =>
    schemas.filter((schema) => isValid(schema, value)).length === 1,
};

export function isValid(schema: Schema, value: unknown): boolean {
  if (typeof schema === 'boolean') return schema;
  return Object.entries(schema).every(([word, argument]) => {
    const keyword = KEYWORDS[word];
    if (keyword === undefined) throw new TypeError(`"${word}" is not known`);
    return keyword(argument as never, value, schema);
  });
}
