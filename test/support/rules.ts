// Rules run on the whole engine, in a few words.

import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { SyncStore } from '../../src/state/store.ts';
import { createWaf, type Waf } from '../../src/waf/create-waf.ts';
import { checkRuleset } from '../../src/waf/load.ts';

/** Puts "SecRuleEngine On" and body access before the rules. */
export function rulesText(rules: string): string {
  return `SecRuleEngine On\nSecRequestBodyAccess On\nSecResponseBodyAccess On\n${rules}\n`;
}

export function diagnosticsOf(rules: string): readonly Diagnostic[] {
  return checkRuleset({ name: 'test.conf', text: rulesText(rules) }).diagnostics;
}

/** Codes of all that is reported about the rules. */
export function codesOf(rules: string): readonly string[] {
  return diagnosticsOf(rules).map(({ code }) => code);
}

export interface WafForTests {
  readonly clock?: () => number;
  readonly state?: SyncStore;
}

export function wafOf(rules: string, options: WafForTests = {}): Waf<'sync'> {
  return createWaf({ rules: { name: 'test.conf', text: rulesText(rules) }, ...options });
}

export function request(
  uri: string,
  headers: ExchangeRecord['headers'] = [['Host', 'localhost']],
): ExchangeRecord {
  return {
    method: 'GET',
    uri,
    headers,
    response: { status: 200, headers: [['Content-Type', 'text/plain']], body: 'ok' },
  };
}

/** Ids of the rules that matched and log, in order of first match, each once. */
export function matchedIds(waf: Waf<'sync'>, record: ExchangeRecord): readonly number[] {
  const { verdict } = waf.inspect(record);
  const logged = verdict.matches.filter((match) => match.logged).map((match) => match.rule.id);
  return [...new Set(logged)];
}
