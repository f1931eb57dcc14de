// Whether what a rule looks at is there when it runs.

import { asciiLower } from '../../base/ascii.ts';
import type { Span } from '../../diagnostics/span.ts';
import { writtenMacros } from '../../library/macro.ts';
import { spanInWord } from '../../seclang/word.ts';
import { placeIn } from '../macros.ts';
import { type SignatureCheck, starterOf, targetsOf } from './signature.ts';

/** Variables that show a part of their value before its phase. */
export const EARLY: Readonly<Record<string, string>> = Object.freeze({
  ARGS: 'the arguments of the query string',
  ARGS_NAMES: 'the arguments of the query string',
  ARGS_COMBINED_SIZE: 'the arguments of the query string',
  FULL_REQUEST: 'the headers',
  FULL_REQUEST_LENGTH: 'the headers',
});

/** Actions that take their value as it is written. */
const WITHOUT_MACROS: ReadonlySet<string> = new Set(['ctl', 't', 'xmlns', 'rev', 'ver', 'exec']);

/** A rule without a phase runs in another one elsewhere. */
export const checkPhaseIsGiven: SignatureCheck = (signature, context) => {
  const { links, phase, phaseAction } = signature;
  if (phase === undefined || phaseAction !== undefined) return;
  const needed = links
    .flatMap((link) => targetsOf(link, context))
    .reduce<number>((latest, { variable }) => Math.max(latest, variable.phase), phase);
  context.report.warning({
    code: 'missing-phase',
    message: `no phase is given, so the rule runs in phase ${phase} here`,
    span: starterOf(signature).nameSpan,
    help: `add phase:${needed}${needed === phase ? '; libmodsecurity would take phase 1' : ''}`,
  });
};

export const checkTargetPhases: SignatureCheck = (signature, context) => {
  const { links, phase, phaseAction } = signature;
  const { report } = context;
  if (phase === undefined) return;
  const notes =
    phaseAction === undefined
      ? [`no phase is given, so the rule runs in phase ${phase}`]
      : undefined;
  for (const { target, variable } of links.flatMap((link) => targetsOf(link, context))) {
    if (variable.phase <= phase) continue;
    const help = `write phase:${variable.phase} in the ${links.length > 1 ? 'first rule of the chain' : 'rule'}`;
    const { name } = variable;
    const early = EARLY[name];
    const place = { span: target.nameSpan, help, notes };
    if (early === undefined) {
      report.error({
        code: 'variable-not-in-phase',
        message: `${name} is not known in phase ${phase}: it is filled in phase ${variable.phase}`,
        ...place,
      });
    } else {
      report.warning({
        code: 'variable-incomplete',
        message: `in phase ${phase}, ${name} holds only ${early}; it is complete from phase ${variable.phase} on`,
        ...place,
      });
    }
  }
};

/** Macros of what comes later expand to nothing. */
export const checkMacroPhases: SignatureCheck = (signature, context) => {
  const { library, report } = context;
  const { phase } = signature;
  if (phase === undefined) return;
  const check = (text: string, placeOf: (offset: number, length: number) => Span) => {
    for (const { name, offset, length } of writtenMacros(text)) {
      const variable = library.variables.find(name);
      if (variable === undefined || variable.phase <= phase) continue;
      if (EARLY[variable.name] !== undefined) continue;
      report.warning({
        code: 'macro-not-in-phase',
        message: `%{${name}} expands to nothing in phase ${phase}; ${variable.name} is known from phase ${variable.phase} on`,
        span: placeOf(offset, length),
        help: `leave the macro out, or write phase:${variable.phase}`,
      });
    }
  };
  for (const { operator, actions = [] } of signature.links) {
    const start = operator.argumentStart;
    if (library.operators.find(operator.name)?.macros === true) {
      check(operator.argument, (offset, length) =>
        spanInWord(operator.word, start + offset, start + offset + length),
      );
    }
    for (const { name, value = '', valueSpan, span } of actions) {
      if (WITHOUT_MACROS.has(asciiLower(name))) continue;
      check(value, (offset, length) =>
        placeIn(valueSpan ?? span, value.slice(offset, offset + length)),
      );
    }
  }
};
