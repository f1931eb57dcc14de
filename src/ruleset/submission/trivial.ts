// Rules that match whatever comes: their conditions hold for every value of a variable that is always there.

import { loneAnswer } from '../lone-answer.ts';
import type { RuleLink, RuleOperator } from '../ruleset.ts';
import { type SignatureCheck, starterOf } from './signature.ts';

/** Operators that judge a value by itself alone. */
const JUDGED: ReadonlySet<string> = new Set([
  'beginsWith',
  'contains',
  'endsWith',
  'rx',
  'rxGlobal',
  'strmatch',
  'unconditionalMatch',
]);

/** So different that an operator which matches all of them asks for nothing. */
const VALUES: readonly string[] = [
  '',
  'a',
  'Z',
  '7',
  ' ',
  '\0',
  '\n',
  '\xff',
  '/index.html?id=1&name=x',
  'two words',
];

/** Variables that hold something in nearly every request, named as a whole. */
const EVER_PRESENT: ReadonlySet<string> = new Set([
  'ARGS',
  'ARGS_GET',
  'ARGS_NAMES',
  'QUERY_STRING',
  'REMOTE_ADDR',
  'REQUEST_BASENAME',
  'REQUEST_BODY',
  'REQUEST_COOKIES',
  'REQUEST_FILENAME',
  'REQUEST_HEADERS',
  'REQUEST_HEADERS_NAMES',
  'REQUEST_LINE',
  'REQUEST_METHOD',
  'REQUEST_PROTOCOL',
  'REQUEST_URI',
  'REQUEST_URI_RAW',
  'RESPONSE_BODY',
  'RESPONSE_HEADERS',
  'RESPONSE_STATUS',
  'SERVER_NAME',
]);

function matchesAll({ definition, negated, argument, macro, compiled }: RuleOperator): boolean {
  if (negated || macro !== undefined || !JUDGED.has(definition.name)) return false;
  return VALUES.every((value) => loneAnswer(compiled, argument, value) === true);
}

function isTrivial({ targets, exclusions, operator }: RuleLink): boolean {
  const isPresent = targets.some(
    ({ variable, selector, count }) =>
      !count && selector === undefined && EVER_PRESENT.has(variable.name),
  );
  return isPresent && exclusions.length === 0 && (operator === undefined || matchesAll(operator));
}

export const checkTriviality: SignatureCheck = (signature, { report }) => {
  const { rule } = signature;
  if (rule === undefined || !rule.links.every(isTrivial)) return;
  report.warning({
    code: 'matches-everything',
    message: 'the condition holds for every value, so the rule matches nearly every request',
    span: starterOf(signature).operator.span,
    help: 'ask for something that only the requests you mean have',
  });
};
