// What commands load when a policy is named: with zod and yaml, a third of all the code there is.

import { renderDiagnostics } from '../diagnostics/render.ts';
import type { PolicyText } from '../policy/document/positions.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import {
  type PolicyOptions as LoadOptions,
  loadPolicy,
  type Policy,
  PolicyError,
  readPolicyFiles,
} from '../waf/policy.ts';
import { FailureError, type Output, UsageError } from './output.ts';
import { noPolicy, type PolicyOptions, policyFiles } from './policy-options.ts';

/** The files of the paths; folders give their .yaml, .yml and .json files, in the order of their names. */
export function policyTexts(paths: readonly string[]): readonly PolicyText[] {
  const files = policyFiles(paths);
  try {
    return readPolicyFiles(files);
  } catch (error) {
    throw new UsageError(`cannot read a policy: ${error instanceof Error ? error.message : error}`);
  }
}

/** Loads the policy or throws with all its errors. Warnings go to `output.talk`. */
export function loadPolicyFromOptions(
  { policy, environment, point }: PolicyOptions,
  loaded: Ruleset | undefined,
  output: Output,
  more: LoadOptions = {},
): Policy | undefined {
  if (policy.length === 0) return noPolicy({ environment, point });
  try {
    const found = loadPolicy(policyTexts(policy), {
      ...more,
      name: environment,
      point,
      loaded,
    });
    if (found.diagnostics.length > 0) output.talk(renderDiagnostics(found.diagnostics));
    return found;
  } catch (error) {
    if (error instanceof PolicyError) throw new FailureError(error.message.trimEnd());
    throw error;
  }
}
