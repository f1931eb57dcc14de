// One version of rules and policy, loaded in a thread of a pool.

import { renderDiagnostics } from '../diagnostics/render.ts';
import type { SyncStore } from '../state/store.ts';
import { createWaf, type Waf } from './create-waf.ts';
import { nodeFiles } from './files.ts';
import { loadRuleset } from './load.ts';
import { loadPolicy, type Policy, PolicyError } from './policy.ts';
import type {
  FromPoolThread,
  PoolThreadData,
  PoolVersion,
  PoolVersionFacts,
} from './pool-messages.ts';
import { type RecordedFiles, recordFiles } from './recorded-files.ts';
import { openRulesCache } from './rules-cache.ts';
import { RulesetError } from './ruleset-error.ts';

export interface LoadedVersion {
  readonly waf: Waf<'sync'>;
  readonly facts: PoolVersionFacts;
  readonly files: RecordedFiles;
}

/** Throws `RulesetError` and `PolicyError`. */
export function loadVersion(
  { rules, policy: texts, files: known }: PoolVersion,
  data: PoolThreadData,
  state: SyncStore,
): LoadedVersion {
  const { files, recorded } = recordFiles(nodeFiles(), known);
  const { compatibility, environment, engine, onEngineError, cache, multipartPeer } = data;
  const directory = data.rulesCacheDirectory;
  const ruleset = loadRuleset(rules, {
    files,
    rulesCache: directory === undefined ? undefined : openRulesCache({ directory }),
    ...(compatibility !== undefined && { compatibility }),
  });
  const policy =
    texts &&
    loadPolicy(texts, {
      files,
      name: data.policyName,
      point: data.policyPoint,
      loaded: ruleset,
      processKey: data.processKey,
    });
  const waf = createWaf({
    rules: ruleset,
    policy,
    state,
    ...(environment !== undefined && { environment }),
    ...(engine !== undefined && { engine }),
    ...(onEngineError !== undefined && { onEngineError }),
    ...(cache !== undefined && { cache }),
    ...(multipartPeer !== undefined && { multipartPeer }),
  });
  const facts = {
    enforcing: waf.ruleset.settings.ruleEngine === 'On',
    hasPolicy: policy !== undefined,
    onEngineError: onEngineError ?? policy?.compiled.document.onEngineError ?? 'block',
    table: policy?.compiled.table,
    counts: policy !== undefined && remembers(policy),
    warnings: warningsOf(policy),
  };
  return { waf, facts, files: recorded };
}

function remembers({ compiled }: Policy): boolean {
  const { thresholdRules, keepsScores, blocksByThreshold, looksUpActors, listedActors } = compiled;
  return (
    keepsScores ||
    looksUpActors ||
    listedActors !== undefined ||
    blocksByThreshold ||
    Object.values(thresholdRules).some((rules) => rules.length > 0)
  );
}

function warningsOf(policy: Policy | undefined): readonly string[] {
  if (policy === undefined || policy.diagnostics.length === 0) return [];
  return [renderDiagnostics(policy.diagnostics).trimEnd()];
}

/** What a failed load is to the pool. */
export function refusalOf(error: unknown): FromPoolThread & { readonly kind: 'refused' } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RulesetError || error instanceof PolicyError) {
    const of = error instanceof RulesetError ? 'rules' : 'policy';
    return { kind: 'refused', of, diagnostics: error.diagnostics, message };
  }
  return { kind: 'refused', of: undefined, diagnostics: [], message };
}
