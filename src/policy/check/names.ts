// Names: unique within a type of rule, known where they are referred to.

import { suggest } from '../../diagnostics/suggest.ts';
import { DATA_NAMES } from '../data-names.ts';
import type { PolicySections } from '../document/document.ts';
import { endpointName } from '../document/places.ts';
import type { Path } from '../document/positions.ts';
import type { Reporter } from './reporter.ts';

export const RULE_SECTIONS = [
  'sources',
  'signatures',
  'rateLimits',
  'dataLossPrevention',
  'enumeration',
] as const;
export type RuleSection = (typeof RULE_SECTIONS)[number];
export type PolicyRule = PolicySections[RuleSection][number];

export function checkUniqueNames(reporter: Reporter): void {
  const { document } = reporter;
  for (const section of RULE_SECTIONS) unique(document[section], `rule of "${section}"`, reporter);
  unique(document.services, 'service', reporter);
  unique(document.dataTypes, 'data type', reporter);
  unique(document.dataSets, 'data set', reporter);
  unique(document.hashPatterns, 'hash pattern', reporter);
  checkDataSets(reporter);
}

/** A set by the name of something that comes along would narrow what rules look for without a word. */
function checkDataSets(reporter: Reporter): void {
  const { dataSets, dataTypes } = reporter.document;
  const types = new Set([...DATA_NAMES, ...dataTypes.map(({ name }) => name)]);
  const sets = new Set(dataSets.map(({ name }) => name));
  for (const set of dataSets) {
    if (types.has(set.name)) {
      reporter.error(set, ['name'], {
        code: 'data-type-exists',
        message: `"${set.name}" is the name of a data type, or of a set that comes along`,
        help: 'give the set another name',
      });
    }
    set.types.forEach((type, index) => {
      if (types.has(type) || !sets.has(type)) return;
      reporter.error(set, ['types', index], {
        code: 'policy-unknown-data',
        message: `"${type}" is a set of this document, and sets hold types and sets that come along`,
        help: `list the types of "${type}" here`,
      });
    });
  }
}

function unique(items: readonly { name: string }[], kind: string, reporter: Reporter): void {
  const seen = new Map<string, object>();
  for (const item of items) {
    const first = seen.get(item.name);
    if (first === undefined) {
      seen.set(item.name, item);
      continue;
    }
    reporter.error(item, ['name'], {
      code: 'policy-duplicate',
      message: `another ${kind} is named "${item.name}" already${placeText(first, reporter)}`,
      help: 'give each its own name: decisions, events and commands refer to it',
    });
  }
}

/** ` (policy.yaml:12)`, where the place is known. */
export function placeText(part: object, reporter: Reporter): string {
  const span = reporter.spanOf(part);
  if (span === undefined) return '';
  const line = span.source.text.slice(0, span.start).split('\n').length;
  return ` (${span.source.name}:${line})`;
}

/** Services, endpoints and labels that targets name are in the document. */
export function checkPlaces(reporter: Reporter): void {
  const { services, endpoints, ...sections } = reporter.document;
  const serviceNames = services.map(({ name }) => name);
  const endpointNames = endpoints.map(endpointName);
  const named = (text: string): string | undefined =>
    endpoints.find((one) => endpointName({ ...one, name: undefined }) === text)?.name;
  const labels = [...new Set(endpoints.flatMap((endpoint) => endpoint.labels))];
  for (const endpoint of endpoints) {
    if (endpoint.service === undefined) continue;
    known(endpoint, ['service'], endpoint.service, 'service', serviceNames, reporter);
  }
  const rules = RULE_SECTIONS.flatMap((section) => [...sections[section]]);
  for (const rule of rules) {
    const target = 'target' in rule ? rule.target : undefined;
    if (target === undefined) continue;
    const check = (
      names: readonly string[] = [],
      key: string,
      what: string,
      of: readonly string[],
      nearest?: (name: string) => string | undefined,
    ): void => {
      for (const [index, name] of names.entries()) {
        known(rule, ['target', key, index], name, what, of, reporter, nearest);
      }
    };
    check(target.services, 'services', 'service', serviceNames);
    check(target.endpoints, 'endpoints', 'endpoint', endpointNames, named);
    check(target.labels, 'labels', 'label', labels);
  }
}

function known(
  part: object,
  path: Path,
  name: string,
  what: string,
  names: readonly string[],
  reporter: Reporter,
  nearest: (name: string) => string | undefined = () => undefined,
): void {
  if (names.includes(name)) return;
  const near = nearest(name) ?? suggest(name, names);
  reporter.error(part, path, {
    code: 'policy-unknown-name',
    message: `there is no ${what} "${name}" in the document`,
    help: near === undefined ? `add it, or remove the name` : `did you mean "${near}"?`,
  });
}
