// The Sec Rules of custom signatures, as a rule set of their own that only watches.
//
// They run beside the loaded rules, on a transaction of their own that nothing ends: what CRS excludes or
// blocks does not reach them, and what they set does not reach CRS. The same transaction shows bodies to
// policy rules where the loaded rules have no access to them.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Phase } from '../model/phase.ts';
import type { Settings } from '../model/settings.ts';
import type { SignatureRule } from '../policy/document/signature-rule.ts';
import type { LoadedSecRule } from '../policy/rules/signature-rules.ts';
import type { Rule, Ruleset } from '../ruleset/ruleset.ts';
import { checkRuleset } from './load.ts';

/** Body processors by type, as recommended setups of every engine choose them. */
const PRELUDE = `SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecResponseBodyAccess On
SecDefaultAction "phase:1,nolog,pass"
SecDefaultAction "phase:2,nolog,pass"
SecDefaultAction "phase:3,nolog,pass"
SecDefaultAction "phase:4,nolog,pass"
SecRule REQUEST_HEADERS:Content-Type "@rx ^(?:application(?:/soap\\+|/)|text/)xml" "id:200000,phase:1,pass,t:none,t:lowercase,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "@rx ^application/(?:[0-9a-z.!#$&^_-]+\\+)?json" "id:200001,phase:1,pass,t:none,t:lowercase,nolog,ctl:requestBodyProcessor=JSON"
`;

/** Types whose bodies hold data in text. Every one of them is held until it has been looked at. */
const TEXT_TYPES: readonly string[] = Object.freeze([
  'text/plain',
  'text/html',
  'text/xml',
  'text/csv',
  'text/javascript',
  'application/json',
  'application/problem+json',
  'application/hal+json',
  'application/vnd.api+json',
  'application/x-ndjson',
  'application/xml',
  'application/soap+xml',
  'application/javascript',
  'application/x-www-form-urlencoded',
  'application/graphql-response+json',
]);

export interface PolicyRules {
  readonly ruleset: Ruleset;
  readonly loaded: ReadonlyMap<SignatureRule, LoadedSecRule>;
  readonly diagnostics: readonly Diagnostic[];
}

/** How much of a message policies see. */
export interface PolicyRulesOptions {
  readonly responseBodies: boolean;
  readonly requestBodyLimit: number;
  readonly responseBodyLimit: number;
}

/** Never throws; a rule with errors is left out and reported. */
export function loadPolicyRules(
  signatures: readonly SignatureRule[],
  { responseBodies, requestBodyLimit, responseBodyLimit }: PolicyRulesOptions,
): PolicyRules {
  const written = signatures.filter(({ secRule }) => secRule !== undefined);
  const sources = written.map(({ name, secRule }) => ({
    name: `signature "${name}"`,
    text: `${secRule}\n`,
  }));
  const { ruleset, diagnostics } = checkRuleset([{ name: '<policy>', text: PRELUDE }, ...sources]);
  const settings: Settings = {
    ...ruleset.settings,
    responseBodyAccess: responseBodies,
    responseBodyMimeTypes: TEXT_TYPES,
    requestBodyLimit,
    requestBodyNoFilesLimit: requestBodyLimit,
    requestBodyLimitAction: 'ProcessPartial',
    responseBodyLimit,
    responseBodyLimitAction: 'ProcessPartial',
  };
  const rules = ruleset.rules.map(watching);
  const byFile = new Map(rules.map((rule) => [rule.facts.file, rule]));
  const loaded = new Map<SignatureRule, LoadedSecRule>();
  for (const signature of written) {
    const rule = byFile.get(`signature "${signature.name}"`);
    if (rule !== undefined) {
      loaded.set(signature, { id: rule.facts.id, phase: rule.phase as LoadedSecRule['phase'] });
    }
  }
  const phase = (number: Phase): readonly Rule[] => rules.filter((rule) => rule.phase === number);
  const phases = { 1: phase(1), 2: phase(2), 3: phase(3), 4: phase(4), 5: phase(5) };
  return { ruleset: { ...ruleset, settings, rules, phases }, loaded, diagnostics };
}

/** The rule without anything that would keep another rule from being asked. */
function watching(rule: Rule): Rule {
  return { ...rule, disruptive: { kind: 'pass' }, skip: 0, resumeAt: undefined };
}
