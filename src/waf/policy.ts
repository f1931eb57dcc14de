// Policy texts to a policy that can run: read, check, load what it names, compile. `checkPolicy` reports,
// `loadPolicy` insists. A document with an error is not taken at all.

import { readFileSync } from 'node:fs';
import { fromByteString, toByteString, utf8ByteString } from '../base/bytes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';
import { BEHAVIOURS } from '../model/compatibility.ts';
import type { BodyRedaction } from '../model/transaction.ts';
import { loadActors, type PolicyActors } from '../policy/actors/actors.ts';
import { keyedHash } from '../policy/actors/keyed-hash.ts';
import { listedActors } from '../policy/actors/listed-actors.ts';
import { compileAttribution } from '../policy/attribution/identify.ts';
import { createSourceReader } from '../policy/attribution/source.ts';
import { checkPolicyDocument } from '../policy/check/check.ts';
import { checkEnvironment } from '../policy/check/environment.ts';
import type { PolicyText } from '../policy/document/positions.ts';
import { type ReadPolicy, readPolicy } from '../policy/document/read.ts';
import type { DataType } from '../policy/entities/data-type.ts';
import { planDetection } from '../policy/entities/plan.ts';
import { createRedactor } from '../policy/entities/redactor.ts';
import { loadIntelligence } from '../policy/intelligence/load.ts';
import { type CompiledPolicy, compilePolicy } from '../policy/policy.ts';
import { thresholdEngine } from '../policy/rules/threshold-engine.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { judgeSubmission } from '../ruleset/submission/submission.ts';
import { createCheckContext } from './check-context.ts';
import { loadPolicyData } from './policy-data.ts';
import { type PolicyFilesOptions, policyResources } from './policy-files.ts';
import { type PolicyProgram, policyProgram } from './policy-program.ts';
import { loadPolicyRules, type PolicyRules } from './policy-rules.ts';

export interface PolicyOptions extends Omit<PolicyFilesOptions, 'beside'> {
  /** Which environment this process is; default: none, so that only rules for all of them apply. */
  readonly name?: string | undefined;
  /** Where this process stands; default: inline. */
  readonly point?: 'inline' | 'edge' | undefined;
  /** The rules that run beside: ids of Sec Rules in signatures must not be theirs. */
  readonly loaded?: Ruleset | undefined;
  /** Whether actors may be blocked and allowed by hand while it runs; default false. */
  readonly marksByHand?: boolean | undefined;
  /** Tells what has expired; default: now. */
  readonly nowMs?: number | undefined;
}

/** A policy that can run, shared by all exchanges. */
export interface Policy {
  readonly compiled: CompiledPolicy;
  /** For looking actors up, and for blocking and allowing them by hand. */
  readonly actors: PolicyActors;
  /** The Sec Rules of signatures. */
  readonly rules: PolicyRules;
  /** Compiles what a waf runs. A waf without a policy does without the code of policies. */
  readonly program: () => PolicyProgram;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
  /** The key of hashes is of this process alone, so others cannot share its state. */
  readonly hasRandomKey: boolean;
}

export interface CheckedPolicy {
  /** Undefined when the document has errors. */
  readonly policy: Policy | undefined;
  readonly read: ReadPolicy;
  /** Errors and warnings, in the order of the files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The document has errors; `message` shows them as `portcullis policy check` does. */
export class PolicyError extends Error {
  override readonly name: string = 'PolicyError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(renderDiagnostics(diagnostics));
    this.diagnostics = diagnostics;
  }
}

// Policies hold less of a message than the rules' own limits may allow. Rules that block and would have to see the
// rest say that they could not judge.
const BODY_LIMIT = 1 << 20;

/** Never throws because of what the texts say. */
export function checkPolicy(
  texts: readonly PolicyText[],
  options: PolicyOptions = {},
): CheckedPolicy {
  const read = readPolicy(texts);
  const diagnostics: Diagnostic[] = [
    ...checkPolicyDocument(read, options.nowMs ?? Date.now()),
    ...signatureFindings(read, options),
    ...(options.name === undefined ? [] : checkEnvironment(read, options.name)),
  ];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const { document, spanOf } = read;
  const resources = policyResources({ ...options, beside: texts[0]?.name });
  const data = loadPolicyData(read, report);
  const identifier = compileAttribution(document.attribution, resources, spanOf, report);
  const { intelligence, diagnostics: told } = loadIntelligence(document, resources, spanOf);
  diagnostics.push(...told);
  const asked = resources.loadHashKey(document.hashKey);
  if ('problem' in asked) {
    const span = document.hashKey === undefined ? undefined : spanOf(document.hashKey);
    const message = `the key of hashes ${asked.problem}`;
    report({ severity: 'error', code: 'bad-hash-key', message, span });
  }
  // With another key the rest can be checked, too.
  const key = 'problem' in asked ? resources.loadHashKey(undefined) : asked;
  if ('problem' in key) return { policy: undefined, read, diagnostics };
  const { hmac } = key;
  const actors = loadActors(document, { hmac, locate: spanOf });
  diagnostics.push(...actors.diagnostics);
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    return { policy: undefined, read, diagnostics };
  }
  const responseBodies =
    document.dataLossPrevention.some((rule) => rule.in !== 'request') ||
    [...document.signatures, ...document.rateLimits, ...document.enumeration].some(({ payload }) =>
      payload?.some(({ part }) => part.startsWith('response.body')),
    );
  const rules = loadPolicyRules(document.signatures, {
    responseBodies:
      responseBodies || document.signatures.some(({ secRule }) => secRule !== undefined),
    requestBodyLimit: BODY_LIMIT,
    responseBodyLimit: BODY_LIMIT,
  });
  // Each of them can be loaded by itself; together they may have one id.
  const unloaded = rules.diagnostics.filter(({ severity }) => severity === 'error');
  if (unloaded.length > 0) {
    return { policy: undefined, read, diagnostics: [...diagnostics, ...unloaded] };
  }
  const compiled = compilePolicy(document, {
    environment: options.name,
    point: options.point,
    sources: createSourceReader(document.clientAddress, identifier, intelligence),
    actors: actors.actors,
    listedActors: listedActors(
      { allowed: document.allow?.actors ?? [], blocked: document.block?.actors ?? [] },
      actors.actors.keysOfUser,
    ),
    thresholds: thresholdEngine((value) => keyedHash(hmac, 'member', [value])),
    dataTypes: data.select,
    secRules: rules.loaded,
    redactionOf,
    marksByHand: options.marksByHand,
  });
  return {
    policy: {
      compiled,
      actors: actors.actors,
      rules,
      program: () => policyProgram(compiled, rules),
      diagnostics,
      hasRandomKey: key.isRandom,
    },
    read,
    diagnostics,
  };
}

/** Throws `PolicyError` when the document has errors. */
export function loadPolicy(texts: readonly PolicyText[], options: PolicyOptions = {}): Policy {
  const { policy, diagnostics, read } = checkPolicy(texts, options);
  if (policy === undefined) {
    throw new PolicyError(diagnostics.filter(({ severity }) => severity === 'error'));
  }
  // A document for several environments can be checked for all of them; what runs is in one.
  if (options.name !== undefined) return policy;
  return { ...policy, diagnostics: [...policy.diagnostics, ...checkEnvironment(read, undefined)] };
}

/** A policy from a document in hand, written as in YAML. Throws `PolicyError`. */
export function definePolicy(document: object, options: PolicyOptions = {}): Policy {
  const text = utf8ByteString(JSON.stringify(document, undefined, 2));
  return loadPolicy([{ name: '<policy>', text }], options);
}

/** The texts of files, for `loadPolicy`. Throws the file system's errors. */
export function readPolicyFiles(paths: readonly string[]): readonly PolicyText[] {
  return paths.map((name) => ({ name, text: readFileSync(name, 'latin1') }));
}

/** What a reviewer would say of the Sec Rules in signatures. */
function signatureFindings(
  { document: { signatures }, spanOf }: ReadPolicy,
  { loaded }: PolicyOptions,
): readonly Diagnostic[] {
  return signatures.flatMap((rule) => {
    const { name, secRule } = rule;
    if (secRule === undefined) return [];
    const source = {
      name: `signature "${name}"`,
      text: utf8ByteString(`${secRule.trimEnd()}\n`),
      includedFrom: spanOf(rule, ['secRule']),
    };
    const context = createCheckContext([], {
      behaviour: BEHAVIOURS.portcullis,
      files: { read: () => undefined, glob: () => [], resolve: (_from, path) => path },
    });
    return judgeSubmission(source, context, { loaded }).diagnostics;
  });
}

function redactionOf(types: readonly DataType[], found: (type: string) => void): BodyRedaction {
  const redactor = createRedactor(planDetection(types), { onFinding: ({ type }) => found(type) });
  return {
    push: (chunk) => fromByteString(redactor.write(toByteString(chunk))),
    end: () => fromByteString(redactor.end()),
  };
}
