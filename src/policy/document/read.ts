// Policy texts to one document: every file is validated by itself, then all are merged; all problems are
// reported at once, with their places. A document with an error is not used at all.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../diagnostics/span.ts';
import { type PolicySections, policyDocument } from './document.ts';
import { issueDiagnostics } from './issues.ts';
import { policyJsonSchema } from './json-schema.ts';
import { type Path, type PolicyText, type PolicyTree, readTree } from './positions.ts';

export interface ReadPolicy {
  readonly document: PolicySections;
  readonly diagnostics: readonly Diagnostic[];
  /** The place of a rule, a list item or a section of the document, or of something inside it. */
  readonly spanOf: (part: object, path?: Path) => Span | undefined;
}

interface Origin {
  readonly tree: PolicyTree;
  readonly path: Path;
}

interface Part {
  readonly tree: PolicyTree;
  readonly sections: PolicySections;
  /** Rules that were left out for their mistakes, by section. */
  readonly dropped: Dropped;
}

type Dropped = ReadonlyMap<string, ReadonlySet<number>>;

/** Nothing in a document refers to a rule, so what is said of the others holds without it. */
const RULES: ReadonlySet<PropertyKey> = new Set([
  'sources',
  'signatures',
  'rateLimits',
  'dataLossPrevention',
  'enumeration',
]);

const NONE: Dropped = new Map();

/** Never throws. With no text at all, the empty document. */
export function readPolicy(texts: readonly PolicyText[]): ReadPolicy {
  const diagnostics: Diagnostic[] = [];
  const parts: Part[] = [];
  for (const text of texts) {
    const tree = readTree(text);
    diagnostics.push(...tree.diagnostics);
    if (tree.value === undefined) continue;
    const result = policyDocument.safeParse(tree.value, { reportInput: true, jitless: true });
    if (result.success) {
      parts.push({ tree, sections: result.data, dropped: NONE });
      continue;
    }
    diagnostics.push(...issueDiagnostics(result.error.issues, tree, policyJsonSchema()));
    const rest = withoutBrokenRules(tree, result.error.issues);
    if (rest !== undefined) parts.push(rest);
  }
  const origins = new Map<object, Origin>();
  const document = merge(parts, origins, diagnostics);
  return {
    document,
    diagnostics,
    spanOf: (part, path = []) => {
      const origin = origins.get(part);
      return origin?.tree.spanOf([...origin.path, ...path]);
    },
  };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  /** Fields that are none. */
  readonly keys?: readonly string[];
}

/**
 * The file without the rules that have mistakes and the sections that are none, so that the others can be
 * checked; undefined where more is wrong.
 */
function withoutBrokenRules(tree: PolicyTree, issues: readonly Issue[]): Part | undefined {
  const dropped = new Map<string, Set<number>>();
  const unknown = new Set<string>();
  for (const { path, keys } of issues) {
    const [section, index] = path;
    if (section === undefined && keys !== undefined) {
      for (const key of keys) unknown.add(key);
      continue;
    }
    if (section === undefined || !RULES.has(section) || typeof index !== 'number') return undefined;
    const indices = dropped.get(String(section)) ?? new Set();
    dropped.set(String(section), indices.add(index));
  }
  const given = Object.entries(tree.value as Readonly<Record<string, unknown>>);
  const value = Object.fromEntries(given.filter(([key]) => !unknown.has(key)));
  for (const [section, indices] of dropped) {
    value[section] = (value[section] as readonly unknown[]).filter((_, at) => !indices.has(at));
  }
  const result = policyDocument.safeParse(value, { jitless: true });
  return result.success ? { tree, sections: result.data, dropped } : undefined;
}

function merge(
  parts: readonly Part[],
  origins: Map<object, Origin>,
  diagnostics: Diagnostic[],
): PolicySections {
  const merged = new Map<string, unknown>();
  const owners = new Map<string, PolicyTree>();
  const take = (
    key: string,
    value: unknown,
    { tree, dropped }: Omit<Part, 'sections'>,
    path: Path,
  ): void => {
    const before = merged.get(key);
    if (Array.isArray(value) && key !== 'table') {
      const missing = dropped.get(key);
      let index = 0;
      for (const item of value) {
        while (missing?.has(index) === true) index++;
        note(item, { tree, path: [...path, index++] });
      }
      merged.set(key, [...((before as readonly unknown[] | undefined) ?? []), ...value]);
    } else if (key === 'lists') {
      const lists = { ...(before as object | undefined) } as Record<string, unknown>;
      for (const [name, items] of Object.entries(value as object)) {
        if (Object.hasOwn(lists, name)) twice(`the list "${name}"`, tree, [...path, name]);
        lists[name] = items;
        note(items, { tree, path: [...path, name] });
      }
      merged.set(key, lists);
    } else if (before === undefined || key === 'version') {
      merged.set(key, value);
      owners.set(key, tree);
      note(value, { tree, path });
    } else twice(`"${key}"`, tree, path, owners.get(key));
  };
  const note = (item: unknown, origin: Origin): void => {
    if (typeof item === 'object' && item !== null) origins.set(item, origin);
  };
  const twice = (what: string, tree: PolicyTree, path: Path, first?: PolicyTree): void => {
    const where = first === undefined ? '' : `; it is in ${first.source.name} too`;
    diagnostics.push({
      severity: 'error',
      code: 'policy-duplicate',
      message: `${what} is given in more than one file${where}`,
      span: tree.keySpanOf(path),
      help: 'keep it in one file; only lists of rules, services and endpoints are joined',
    });
  };
  for (const { sections, ...part } of parts) {
    for (const [key, value] of Object.entries(sections)) {
      if (value !== undefined) take(key, value, part, [key]);
    }
  }
  const empty = policyDocument.parse({}, { jitless: true });
  return { ...empty, ...Object.fromEntries(merged) } as PolicySections;
}
