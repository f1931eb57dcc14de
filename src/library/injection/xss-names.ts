// Classifies the names of tags and attributes that run or load code.
//
// Names are compared in ASCII without case and, as old browsers did, without the NULs inside them.
// Event names and xmlns/xlink count when the attribute starts with them, as in libinjection's C
// library, because browsers keep adding events and xmlns makes any tag possible.

import {
  EVENTS,
  INDIRECT_ATTRIBUTES,
  SCRIPT_ATTRIBUTES,
  STYLE_ATTRIBUTES,
  TAG_PREFIXES,
  TAGS,
  URL_ATTRIBUTES,
} from './xss.data.ts';

/** What the value of an attribute can do. */
export type AttributeKind = 'harmless' | 'script' | 'style' | 'url' | 'indirect';

const SHORTEST_TAG = 3;
const SHORTEST_ATTRIBUTE = 2;
const SHORTEST_EVENT_ATTRIBUTE = 5;
const NAMESPACE_PREFIXES = ['XMLNS', 'XLINK'];

/** Names by the low five bits of their first letter. */
type Buckets = readonly (readonly string[])[];

const TAG_BUCKETS: Buckets = bucketsOf(TAGS.split(','));
const TAG_PREFIX_LIST: readonly string[] = TAG_PREFIXES.split(',');
const EVENT_BUCKETS: Buckets = bucketsOf(EVENTS.split(','));
const ATTRIBUTES: ReadonlyMap<string, AttributeKind> = new Map([
  ...kindOfEach(SCRIPT_ATTRIBUTES, 'script'),
  ...kindOfEach(STYLE_ATTRIBUTES, 'style'),
  ...kindOfEach(URL_ATTRIBUTES, 'url'),
  ...kindOfEach(INDIRECT_ATTRIBUTES, 'indirect'),
]);
const ATTRIBUTE_BUCKETS: Buckets = bucketsOf([...ATTRIBUTES.keys()]);

function kindOfEach(names: string, kind: AttributeKind): [string, AttributeKind][] {
  return names.split(',').map((name) => [name, kind]);
}

function bucketsOf(names: readonly string[]): Buckets {
  const buckets: string[][] = Array.from({ length: 32 }, () => []);
  for (const name of names) buckets[name.charCodeAt(0) & 0x1f]!.push(name);
  return buckets;
}

function upper(code: number): number {
  return code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
}

/** True when `start`..`end` starts with `name`, an upper-case name. */
export function startsWithName(input: string, start: number, end: number, name: string): boolean {
  if (end - start < name.length) return false;
  for (let at = 0; at < name.length; at++) {
    if (upper(input.charCodeAt(start + at)) !== name.charCodeAt(at)) return false;
  }
  return true;
}

/** True when `start`..`end` is `name`, an upper-case name, but for NULs. */
function isName(input: string, start: number, end: number, name: string): boolean {
  let matched = 0;
  for (let at = start; at < end; at++) {
    const code = input.charCodeAt(at);
    if (code === 0) continue;
    if (matched === name.length || upper(code) !== name.charCodeAt(matched)) return false;
    matched++;
  }
  return matched === name.length;
}

/** The name in `buckets` that `start`..`end` is, but for NULs. */
function findName(input: string, start: number, end: number, buckets: Buckets): string | undefined {
  let first = start;
  while (first < end && input.charCodeAt(first) === 0) first++;
  if (first === end) return undefined;
  const bucket = buckets[input.charCodeAt(first) & 0x1f]!;
  return bucket.find((name) => isName(input, first, end, name));
}

/** True for tags that are an attack whatever their attributes. */
export function isAttackTag(input: string, start: number, end: number): boolean {
  if (end - start < SHORTEST_TAG) return false;
  return (
    findName(input, start, end, TAG_BUCKETS) !== undefined ||
    TAG_PREFIX_LIST.some((prefix) => startsWithName(input, start, end, prefix))
  );
}

/** What the attribute with this name can do. */
export function attributeKind(input: string, start: number, end: number): AttributeKind {
  const length = end - start;
  if (length < SHORTEST_ATTRIBUTE) return 'harmless';
  if (length >= SHORTEST_EVENT_ATTRIBUTE) {
    if (startsWithName(input, start, end, 'ON') && startsWithEvent(input, start + 2, end)) {
      return 'script';
    }
    if (NAMESPACE_PREFIXES.some((prefix) => startsWithName(input, start, end, prefix))) {
      return 'script';
    }
  }
  const name = findName(input, start, end, ATTRIBUTE_BUCKETS);
  return (name === undefined ? undefined : ATTRIBUTES.get(name)) ?? 'harmless';
}

function startsWithEvent(input: string, start: number, end: number): boolean {
  const bucket = EVENT_BUCKETS[input.charCodeAt(start) & 0x1f]!;
  return bucket.some((name) => startsWithName(input, start, end, name));
}
