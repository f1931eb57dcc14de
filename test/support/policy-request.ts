// Requests as attribution sees them, and the parts of a policy that tests load.

import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { Pair } from '../../src/model/pair.ts';
import {
  type AttributionResources,
  compileAttribution,
  type Identifier,
} from '../../src/policy/attribution/identify.ts';
import type { AttributionRequest } from '../../src/policy/attribution/request.ts';
import { attributionRule } from '../../src/policy/attribution/schema.ts';
import { type LoadedIntelligence, loadIntelligence } from '../../src/policy/intelligence/load.ts';
import type { IntelligenceResources } from '../../src/policy/intelligence/resources.ts';
import { intelligence } from '../../src/policy/intelligence/schema.ts';
import { policyResources } from '../../src/waf/policy-files.ts';

/** Names with their values, in order; a name may come more than once. */
export type Values = readonly (readonly [name: string, value: string])[];

export interface RequestParts {
  readonly headers?: Values;
  readonly cookies?: Values;
  readonly query?: Values;
  readonly form?: Values;
  /** As the JSON reader names them: `json.user.id`. */
  readonly json?: Values;
}

const pairs = (values: Values = []): Pair[] => values.map(([key, value]) => ({ key, value }));

export function request(parts: RequestParts = {}): AttributionRequest {
  const [argsGet, argsPost] = [pairs(parts.query), pairs(parts.form)];
  return {
    headers: { pairs: pairs(parts.headers) },
    cookies: { pairs: pairs(parts.cookies) },
    argsGet: { pairs: argsGet },
    argsPost: { pairs: argsPost },
    args: { pairs: [...argsGet, ...argsPost, ...pairs(parts.json)] },
  };
}

export type Files = Readonly<Record<string, string>>;

/** The machine's own resources over files in memory. */
export function resources(
  files: Files = {},
  environment: Files = {},
): IntelligenceResources & AttributionResources {
  return policyResources({ files: { read: (path) => files[path] }, environment });
}

export interface Attributed {
  readonly identifier: Identifier;
  readonly diagnostics: readonly Diagnostic[];
}

/** Rules as a document has them. */
export function attribution(
  rules: readonly unknown[],
  files: Files = {},
  environment: Files = {},
): Attributed {
  const diagnostics: Diagnostic[] = [];
  const parsed = rules.map((rule) => attributionRule.parse(rule));
  const identifier = compileAttribution(
    parsed,
    resources(files, environment),
    () => undefined,
    (diagnostic) => diagnostics.push(diagnostic),
  );
  return { identifier, diagnostics };
}

/** The `intelligence` section as a document has it; lists of packages are off unless they are asked for. */
export function intelligenceOf(section: object, files: Files = {}): LoadedIntelligence {
  const off = { package: false };
  const options = intelligence.parse({
    disposableDomains: off,
    bots: off,
    scanners: off,
    ...section,
  });
  return loadIntelligence({ intelligence: options }, resources(files), () => undefined);
}
