// One text that is to become a custom signature, judged as a reviewer would: what is wrong, where, and how
// to repair it. Pure: what may be read of the machine is in the context.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { sortDiagnostics } from '../../diagnostics/gather.ts';
import type { Source } from '../../diagnostics/source.ts';
import type { Span } from '../../diagnostics/span.ts';
import { parse } from '../../seclang/parse.ts';
import { checkDirectives } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { createReport } from '../report.ts';
import type { Ruleset } from '../ruleset.ts';
import { SIGNATURE_CHECKS } from './checks.ts';
import { engineFindings, withHelp, withoutEchoes } from './engine-findings.ts';
import { checkLinearity, watchPatterns } from './patterns.ts';
import { signaturesIn } from './shape.ts';
import { createSignature, idOf, type SignatureContext } from './signature.ts';

export interface SubmissionTerms {
  /** The rules that the signature is to join; left out: none. */
  readonly loaded?: Ruleset | undefined;
  /** Id of the loaded rule that the signature is to replace: it may be used again. */
  readonly replaces?: number | undefined;
  /** Whether the context's files are those of the machine that will run the rule. */
  readonly readsFiles?: boolean | undefined;
}

export interface JudgedSubmission {
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** The id it asks for, with its place; undefined when it names none. */
  readonly id: { readonly id: number; readonly span: Span } | undefined;
}

/** Never throws because of what the text says. The report of `context` is not used. */
export function judgeSubmission(
  source: Source,
  context: CheckContext,
  { loaded, replaces, readsFiles = false }: SubmissionTerms = {},
): JudgedSubmission {
  const { document, diagnostics: syntax } = parse(source, context.behaviour);
  const { directives } = document;
  const report = createReport();
  const engine = createReport();
  const own: CheckContext = {
    ...context,
    report,
    operatorData: loaded?.declared.operatorData ?? context.operatorData,
  };

  const signatures = signaturesIn(directives, own);
  if (directives.length === 0 && syntax.length === 0) {
    report.error({
      code: 'no-rule',
      message: 'there is no rule in the text',
      span: { source, start: 0, end: 0 },
      help: 'write one SecRule, or a chain of them',
    });
  }

  // Other directives have been refused; acting on them would only confuse what is said of the rule.
  const conditions = directives.filter(
    ({ type }) => type === 'rule' || type === 'action' || type === 'script' || type === 'marker',
  );
  const { watched, obstacles } = watchPatterns({ ...own, report: engine });
  const { rules, declared } = checkDirectives(conditions, watched);

  const signatureContext: SignatureContext = {
    ...own,
    loaded,
    replaces,
    markers: new Set([...declared.markers, ...(loaded?.declared.markers ?? [])]),
  };
  for (const links of signatures) {
    const signature = createSignature(links, rules, own.behaviour);
    for (const check of [...SIGNATURE_CHECKS, checkLinearity(obstacles)]) {
      check(signature, signatureContext);
    }
  }

  const findings = engineFindings(engine.diagnostics, {
    hasSyntaxErrors: syntax.length > 0,
    readsFiles,
    signatures,
    refused: directives.filter(({ type }) => type !== 'rule').map(({ span }) => span),
  });
  const first = signatures[0]?.[0];
  return {
    diagnostics: sortDiagnostics(
      withHelp(withoutEchoes([...syntax, ...findings, ...report.diagnostics])),
      [source],
    ),
    id: first === undefined ? undefined : idOf(first),
  };
}
