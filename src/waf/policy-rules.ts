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

/** Body processors by type, as recommended setups of every engine choose them; and what is not worth holding back. */
const PRELUDE = `SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecResponseBodyAccess On
SecDefaultAction "phase:1,nolog,pass"
SecDefaultAction "phase:2,nolog,pass"
SecDefaultAction "phase:3,nolog,pass"
SecDefaultAction "phase:4,nolog,pass"
SecRule REQUEST_HEADERS:Content-Type "@rx ^(?:application(?:/soap\\+|/)|text/)xml" "id:2147480000,phase:1,pass,t:none,t:lowercase,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "@rx ^application/(?:[0-9a-z.!#$&^_-]+\\+)?json" "id:2147480001,phase:1,pass,t:none,t:lowercase,nolog,ctl:requestBodyProcessor=JSON"
SecRule &RESPONSE_HEADERS:Content-Type "@eq 1" "id:2147480002,phase:3,pass,nolog,chain"
SecRule RESPONSE_CONTENT_TYPE "@rx ^(?:image/(?:[^s]|s[^v])|audio/|video/|font/|text/event-stream)" "t:none,t:lowercase,ctl:responseBodyAccess=Off"
`;

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
    responseBodyMimeTypes: undefined,
    requestBodyLimit,
    // One limit for all bodies; files are looked through as well.
    requestBodyNoFilesLimit: Number.MAX_SAFE_INTEGER,
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
