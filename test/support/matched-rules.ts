// Loads rules, judges one exchange, and says which rules matched: for tests of what rules do together.

import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { FileAccess } from '../../src/model/files.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { checkRuleset, type RuleSource } from '../../src/waf/load.ts';

/** Files held in memory, beside every rule file. */
export function filesOf(files: Readonly<Record<string, string>>): FileAccess {
  return {
    read: (path) => files[path],
    glob: (pattern) => Object.keys(files).filter((path) => path === pattern),
    resolve: (_from, path) => path,
  };
}

export interface Judged {
  /** Ids of the rules that matched, in order. */
  readonly matched: readonly number[];
  /** Codes of the errors and warnings of the load, except that the engine is not set. */
  readonly codes: readonly string[];
  /** Codes of what the engine could not do. */
  readonly errors: readonly string[];
}

const REQUEST: ExchangeRecord = {
  method: 'GET',
  uri: '/',
  version: 'HTTP/1.1',
  headers: [['Host', 'shop.test']],
};

/** Runs the exchange on the machine and on the reference interpreter, which must agree. */
export function judge(
  rules: RuleSource,
  request: Partial<ExchangeRecord> = {},
  files: FileAccess = filesOf({}),
): Judged {
  const { ruleset, diagnostics } = checkRuleset(rules, { files });
  const codes = diagnostics.map(({ code }) => code);
  const [machine, reference] = [false, true].map((interpreted) => {
    const waf = createWaf({ rules: ruleset, reference: interpreted });
    const { verdict } = waf.inspect({ ...REQUEST, ...request });
    return {
      matched: verdict.matches.map(({ rule }) => rule.id),
      errors: verdict.errors.map(({ code }) => code),
    };
  });
  if (machine === undefined || JSON.stringify(machine) !== JSON.stringify(reference)) {
    throw new Error(`${JSON.stringify(machine)} is not ${JSON.stringify(reference)}`);
  }
  return { ...machine, codes };
}
