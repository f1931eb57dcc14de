// Which links look at values that cannot change while a phase runs.
//
// Only such links are grouped: what was found out about their values at the first rule still holds at the
// last. A name that is not listed is taken to change, so a new variable costs speed and never a verdict.

import type { RuleLink, Ruleset, Target } from '../ruleset/ruleset.ts';

const STABLE: ReadonlySet<string> = new Set([
  'REQUEST_METHOD',
  'REQUEST_PROTOCOL',
  'REQUEST_LINE',
  'REQUEST_URI_RAW',
  'REQUEST_URI',
  'REQUEST_FILENAME',
  'REQUEST_BASENAME',
  'PATH_INFO',
  'QUERY_STRING',
  'REQUEST_HEADERS',
  'REQUEST_HEADERS_NAMES',
  'REQUEST_COOKIES',
  'REQUEST_COOKIES_NAMES',
  'ARGS',
  'ARGS_NAMES',
  'ARGS_GET',
  'ARGS_GET_NAMES',
  'ARGS_POST',
  'ARGS_POST_NAMES',
  'REQUEST_BODY',
  'FILES',
  'FILES_NAMES',
  'FILES_SIZES',
  'FILES_TMP_CONTENT',
  'MULTIPART_PART_HEADERS',
  'XML',
  'REMOTE_ADDR',
  'RESPONSE_BODY',
  'RESPONSE_HEADERS',
  'RESPONSE_HEADERS_NAMES',
  'RESPONSE_STATUS',
  'RESPONSE_PROTOCOL',
  'RESPONSE_CONTENT_TYPE',
]);

/** @restpath adds arguments while rules run; with it in the rule set ARGS is not stable. */
export function changesArguments(ruleset: Ruleset): boolean {
  return ruleset.rules.some((rule) =>
    rule.links.some(({ operator }) => operator?.definition.name === 'restpath'),
  );
}

/** One value of TX at most: rules write it, so it is looked up when the rule is run. */
export function isPassing({ variable, selector, count }: Target): boolean {
  return variable.name === 'TX' && selector?.kind === 'literal' && !count;
}

/** True when the targets are stable, but for some that are passing. */
export function hasStableTargets(link: RuleLink, argumentsChange: boolean): boolean {
  if (link.operator === undefined || link.targets.every(isPassing)) return false;
  return link.targets.every(
    (target) =>
      isPassing(target) ||
      (!target.count &&
        STABLE.has(target.variable.name) &&
        !(argumentsChange && /^ARGS(?:_NAMES)?$/.test(target.variable.name))),
  );
}
