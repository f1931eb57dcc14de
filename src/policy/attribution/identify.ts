// Who a request says it comes from: attribution rules, compiled once, asked in order. The first that yields
// a user wins.
//
// What a request claims and cannot prove yields nothing and is kept as evidence: a token with a bad
// signature is not an anonymous request, it is a forged one.

import { asciiTrim } from '../../base/ascii.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Matcher } from '../../model/operator.ts';
import { known, type NotKnown, unknown } from '../intelligence/fact.ts';
import type { Locate } from '../intelligence/resources.ts';
import { parseEmail } from './email.ts';
import type {
  Attribution,
  AttributionEvidence,
  CompiledRule,
  Identity,
  RuleAnswer,
} from './identity.ts';
import type { AttributionRequest } from './request.ts';
import type { AttributionRule, TokenKeyOptions } from './schema.ts';
import type { TokenKey } from './token.ts';
import { compileTokenRule } from './token-rule.ts';
import { compileBasic, compileValue } from './value-rules.ts';

export interface AttributionResources {
  /** Throws `OperatorArgumentError` for a wrong pattern. */
  readonly compilePattern: (pattern: string) => Matcher;
  /** A key, or what is wrong with it in words that go on from "the key ". */
  readonly loadTokenKey: (options: TokenKeyOptions) => TokenKey | { readonly problem: string };
}

export interface Identifier {
  /** Whether a user may be found in the body, and so only after it was read. */
  readonly readsBody: boolean;
  /** Never throws. */
  readonly identify: (request: AttributionRequest, nowMs: number) => Identity;
}

const MAX_USER_BYTES = 512;

/** A rule with a mistake is reported and yields nothing; the others work. */
export function compileAttribution(
  rules: readonly AttributionRule[],
  resources: AttributionResources,
  locate: Locate,
  report: (diagnostic: Diagnostic) => void,
): Identifier {
  const compiled = rules.map((rule, index) => ({
    name: `attribution ${index + 1} (${rule.from})`,
    ask: compileRule(rule, resources, locate, report),
  }));
  const nobody = unknown(
    rules.length === 0 ? 'not-configured' : 'not-in-data',
    rules.length === 0 ? 'the policy has no attribution' : 'no attribution rule finds a user',
  );
  return {
    readsBody: rules.some(readsBody),
    identify: (request, nowMs) => {
      const evidence: AttributionEvidence[] = [];
      for (const { name, ask } of compiled) {
        const answer = bounded(ask(request, nowMs));
        if (answer === undefined) continue;
        if ('user' in answer) return identity(answer, name, evidence);
        evidence.push({ ...answer, rule: name });
      }
      return { user: nobody, email: nobody, organisation: nobody, roles: nobody, evidence };
    },
  };
}

function readsBody(rule: AttributionRule): boolean {
  return rule.from === 'body' || (rule.from === 'jwt' && rule.in.part === 'body');
}

/** An id that is empty is none, and one that is too long is not stored anywhere. */
function bounded(answer: RuleAnswer): RuleAnswer {
  if (answer === undefined || !('user' in answer)) return answer;
  const { length } = answer.user.id;
  if (asciiTrim(answer.user.id) === '') return undefined;
  if (length <= MAX_USER_BYTES) return answer;
  return { kind: 'overlong-user', text: `a user of ${length} bytes` };
}

function identity(
  { user, email, organisation, roles }: Attribution,
  rule: string,
  evidence: readonly AttributionEvidence[],
): Identity {
  const lacking = (what: string): NotKnown => unknown('not-in-data', `${rule} gives no ${what}`);
  const address = email === undefined ? undefined : parseEmail(email);
  return {
    user: known(user, rule),
    email: address === undefined ? lacking('email address') : known(address, rule),
    organisation: organisation === undefined ? lacking('organisation') : known(organisation, rule),
    roles: roles === undefined || roles.length === 0 ? lacking('role') : known(roles, rule),
    evidence,
  };
}

function compileRule(
  rule: AttributionRule,
  resources: AttributionResources,
  locate: Locate,
  report: (diagnostic: Diagnostic) => void,
): CompiledRule {
  switch (rule.from) {
    case 'basic':
      return compileBasic(rule);
    case 'jwt':
      return compileTokenRule(rule, resources.loadTokenKey, (severity, problem, field) => {
        const span = locate(rule, field);
        report({ severity, code: 'bad-token-key', message: `the key ${problem}`, span });
      });
    default:
      return compileValue(rule, resources.compilePattern, (at, error) =>
        report({
          severity: 'error',
          code: error.code,
          message: `the pattern has a mistake: ${error.message}`,
          span: locate(rule, ['steps', at, 'regex']),
          help: error.help,
        }),
      );
  }
}
