// What a schema objects to, in words: found, expected, and the fix. For documents, and for bodies of the admin API.

import type { z } from 'zod';
import { suggest } from '../../diagnostics/suggest.ts';
import { formsAt, type JsonSchema, keysAt, valuesAt } from './json-schema.ts';

type Issue = z.core.$ZodIssue;

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly help?: string | undefined;
  readonly path: readonly PropertyKey[];
  /** It is about the key that is last in the path, not about the value there. */
  readonly isOfKey: boolean;
}

/** The issues need the input they are about (`reportInput`). `whole`: what the value as a whole is called. */
export function problemsOf(
  issues: readonly Issue[],
  schema: JsonSchema,
  whole: string,
): readonly Problem[] {
  return issues
    .flatMap((issue) => flatten(issue, []))
    .flatMap(({ issue, path }) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => unknownField(key, path, schema, whole));
      }
      return [{ ...told({ issue, path }, schema, whole), path, isOfKey: false }];
    });
}

interface Placed {
  readonly issue: Issue;
  readonly path: readonly PropertyKey[];
}

/** Of a union's branches the one that got furthest is what was meant. */
function flatten(issue: Issue, before: readonly PropertyKey[]): readonly Placed[] {
  const path = [...before, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, path }];
  const best = [...issue.errors].sort((a, b) => distance(a) - distance(b))[0] ?? [];
  return best.flatMap((inner) => flatten(inner, path));
}

const WRONG_TYPE = 1000;

/** How far a branch is from what was written: a wrong type at its very top is furthest. */
function distance(issues: readonly Issue[]): number {
  let sum = 0;
  for (const issue of issues) {
    const isTop = issue.path.length === 0;
    // A scalar where the schema has words for what to write instead is not far off: 5 for 5m.
    const isMeant = hasOwnWords(issue) && !(typeof issue.input === 'object');
    if (issue.code === 'invalid_type' && isTop) sum += isMeant ? 1 : WRONG_TYPE;
    else if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const nearest = Math.min(...issue.errors.map(distance));
      sum += isTop ? nearest : Math.min(nearest, WRONG_TYPE - 1);
    } else if (issue.code === 'unrecognized_keys') sum += 10;
    // Of a word and a duration, say, somebody who wrote neither more likely meant the duration.
    else sum += issue.code === 'invalid_value' && isTop ? 2 : 1;
  }
  return sum;
}

function unknownField(
  key: string,
  path: readonly PropertyKey[],
  schema: JsonSchema,
  whole: string,
): Problem {
  const known = keysAt(schema, path);
  const place = fieldName(path, whole);
  const base = { code: 'policy-unknown-field', path: [...path, key], isOfKey: true } as const;
  if (known.includes(key)) {
    const forms = formsAt(schema, path).map((fields) => fields.join(', '));
    const message = `"${key}" does not go with the other fields of ${place}`;
    return { ...base, message, help: `give the fields of one form: ${forms.join('; or ')}` };
  }
  const near = suggest(key, known);
  const help =
    near === undefined
      ? `the fields here are ${known.filter((name) => name !== '$schema').join(', ')}`
      : `did you mean "${near}"?`;
  return { ...base, message: `"${key}" is not a field of ${place}`, help };
}

type Words = Pick<Problem, 'code' | 'message' | 'help'>;

function told({ issue, path }: Placed, schema: JsonSchema, whole: string): Words {
  const field = fieldName(path, whole);
  const lacking = `${fieldName(path.slice(0, -1), whole)} has no "${String(path.at(-1))}"`;
  if (issue.code === 'invalid_type' && issue.input === undefined && path.length > 0) {
    return { code: 'policy-missing-field', message: lacking, help: expectedHelp(issue) };
  }
  if (issue.code === 'invalid_type') {
    const message = `${field} is ${kindOf(issue)}, expected ${article(issue.expected)}`;
    const help = typeHelp(issue);
    return { code: 'policy-wrong-type', message, help };
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const message = `${field} ${limitText(issue)}`;
    return { code: 'policy-wrong-value', message };
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const isScalar = typeof issue.input !== 'object' || issue.input === null;
    const found = isScalar ? `"${String(issue.input)}"` : kindOf(issue);
    const near = typeof issue.input === 'string' ? suggest(issue.input, values) : undefined;
    const known = `expected ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`;
    if (issue.input === undefined) {
      return { code: 'policy-missing-field', message: lacking, help: known };
    }
    const help = near === undefined ? undefined : `did you mean "${near}"?`;
    return { code: 'policy-unknown-value', message: `${field} is ${found}, ${known}`, help };
  }
  if (issue.code === 'invalid_union') {
    const values = valuesAt(schema, path);
    if (lacks(issue.input, path.at(-1))) {
      const help = values.length === 0 ? undefined : `expected one of ${values.join(', ')}`;
      return { code: 'policy-missing-field', message: lacking, help };
    }
    const known = values.length === 0 ? 'fits no known form' : `is not one of ${values.join(', ')}`;
    const found = memberOf(issue.input, path.at(-1));
    const near = typeof found === 'string' ? suggest(found, values) : undefined;
    const help = near === undefined ? undefined : `did you mean "${near}"?`;
    return { code: 'policy-unknown-value', message: `${field} ${known}`, help };
  }
  // Our own messages name the value themselves or go on from the field's name.
  const message = /^["A-Z]/.test(issue.message) ? issue.message : `${field} ${issue.message}`;
  return { code: 'policy-wrong-value', message };
}

function memberOf(mapping: unknown, key: PropertyKey | undefined): unknown {
  if (typeof mapping !== 'object' || mapping === null || key === undefined) return undefined;
  return new Map<PropertyKey, unknown>(Object.entries(mapping)).get(String(key));
}

/** Where a field tells the forms of a mapping apart, the mapping is what was found. */
function lacks(mapping: unknown, key: PropertyKey | undefined): boolean {
  return (
    typeof mapping === 'object' &&
    mapping !== null &&
    key !== undefined &&
    !Object.hasOwn(mapping, key)
  );
}

function expectedHelp(issue: Issue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return hasOwnWords(issue) ? issue.message : `expected ${article(issue.expected)}`;
}

const KINDS: Readonly<Record<string, string>> = Object.freeze({
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
});

function article(expected: string): string {
  return KINDS[expected] ?? expected;
}

function kindOf({ input: value, ...issue }: Issue): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'boolean') return String(value);
  if (Number.isNaN(value)) return 'no number';
  // Against a number of another kind the value says more than that it is one.
  if (typeof value === 'number' && issue.code === 'invalid_type' && issue.expected === 'int') {
    return String(value);
  }
  return article(typeof value);
}

type TypeIssue = Extract<Issue, { code: 'invalid_type' }>;

/** What to write instead, where the schema says so or what was written tells. */
function typeHelp(issue: TypeIssue): string | undefined {
  const { input, expected } = issue;
  if (expected !== 'int' && hasOwnWords(issue)) return issue.message;
  if (expected === 'string' && typeof input === 'number') return `write "${input}" in quotes`;
  if (expected === 'boolean' && typeof input === 'string') {
    // YAML 1.1 took these for booleans; 1.2 does not.
    const meant = WORDS[input.toLowerCase()];
    return meant === undefined ? undefined : `write ${meant}`;
  }
  const isScalar = typeof input === 'string' || typeof input === 'number';
  if (expected === 'array' && isScalar) return `write [${input}]`;
  return undefined;
}

/** Words of the schema, and not those that come with zod. */
function hasOwnWords({ message }: Issue): boolean {
  return !/^(?:Invalid|Too) /.test(message);
}

const WORDS: Readonly<Record<string, boolean>> = Object.freeze({
  yes: true,
  on: true,
  true: true,
  no: false,
  off: false,
  false: false,
});

function limitText(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const { input, origin, inclusive = true } = issue;
  if (hasOwnWords(issue)) return issue.message;
  if (origin === 'array' && Array.isArray(input) && input.length === 0) return 'is empty';
  if (origin === 'string' && input === '') return 'is empty';
  const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const how = issue.code === 'too_small' ? ['at least', 'more than'] : ['at most', 'less than'];
  const expected = `${inclusive ? how[0] : how[1]} ${limit}`;
  if (origin === 'array') return `has ${(input as unknown[]).length} items, expected ${expected}`;
  if (origin === 'string')
    return `is ${String(input).length} characters long, expected ${expected}`;
  return `is ${String(input)}, expected ${expected}`;
}

function fieldName(path: readonly PropertyKey[], whole: string): string {
  const last = path.at(-1);
  if (last === undefined) return whole;
  if (typeof last !== 'number') return `"${String(last)}"`;
  return `item ${last + 1} of ${fieldName(path.slice(0, -1), whole)}`;
}
