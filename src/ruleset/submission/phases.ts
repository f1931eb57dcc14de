// Whether what a rule looks at is there when it runs.

import { asciiLower } from '../../base/ascii.ts';
import { writtenMacros } from '../../library/macro.ts';
import type { VariableDefinition } from '../../model/variable.ts';
import type { RuleDirective } from '../../seclang/ast.ts';
import { spanInWord } from '../../seclang/word.ts';
import {
  type Signature,
  type SignatureCheck,
  type SignatureContext,
  starterOf,
  variableOf,
} from './signature.ts';

/** Variables that show a part of their value before its phase. */
const EARLY: Readonly<Record<string, string>> = Object.freeze({
  ARGS: 'the arguments of the query string',
  ARGS_NAMES: 'the arguments of the query string',
  ARGS_COMBINED_SIZE: 'the arguments of the query string',
  FULL_REQUEST: 'the headers',
  FULL_REQUEST_LENGTH: 'the headers',
});

/** A rule without a phase runs in another one elsewhere. */
export const checkPhaseIsGiven: SignatureCheck = (signature, { report }) => {
  if (signature.phaseAction !== undefined || starterOf(signature).actions === undefined) return;
  report.warning({
    code: 'missing-phase',
    message: `no phase is given, so the rule runs in phase ${signature.phase} here`,
    span: starterOf(signature).nameSpan,
    help: `add phase:${signature.phase}, or the phase you mean; libmodsecurity would take phase 1`,
  });
};

export const checkTargetPhases: SignatureCheck = (signature, context) => {
  for (const link of signature.links) {
    for (const target of link.targets) {
      const variable = variableOf(target, context);
      if (variable === undefined || target.exclude || variable.phase <= signature.phase) continue;
      reportTarget(variable, target.count, signature, target.nameSpan, context);
    }
  }
};

function reportTarget(
  { name, phase }: VariableDefinition,
  count: boolean,
  signature: Signature,
  span: RuleDirective['span'],
  { report }: SignatureContext,
): void {
  const help = `write phase:${phase} in the ${signature.links.length > 1 ? 'first rule of the chain' : 'rule'}`;
  const notes =
    signature.phaseAction === undefined
      ? [`no phase is given, so the rule runs in phase ${signature.phase}`]
      : undefined;
  const early = EARLY[name];
  if (early !== undefined) {
    report.warning({
      code: 'variable-incomplete',
      message: `in phase ${signature.phase}, ${name} holds only ${early}; it is complete from phase ${phase} on`,
      span,
      help,
      notes,
    });
    return;
  }
  const nothing = count ? 'its count is always 0' : 'it has no value';
  report.error({
    code: 'variable-not-in-phase',
    message: `${name} is not known in phase ${signature.phase}: ${nothing} before phase ${phase}`,
    span,
    help,
    notes,
  });
}

/** Macros of what comes later expand to nothing. */
export const checkMacroPhases: SignatureCheck = (signature, context) => {
  const { library, report } = context;
  const check = (
    text: string,
    placeOf: (offset: number, length: number) => RuleDirective['span'],
  ) => {
    for (const { name, offset, length } of writtenMacros(text)) {
      const variable = library.variables.find(name);
      if (variable === undefined || variable.phase <= signature.phase) continue;
      if (EARLY[variable.name] !== undefined) continue;
      report.warning({
        code: 'macro-not-in-phase',
        message: `%{${name}} expands to nothing in phase ${signature.phase}; ${variable.name} is known from phase ${variable.phase} on`,
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
      const whole = valueSpan ?? span;
      check(value, (offset, length) => {
        const at = whole.source.text.indexOf(value.slice(offset, offset + length), whole.start);
        return at < 0 || at >= whole.end ? whole : { ...whole, start: at, end: at + length };
      });
    }
  }
};

const WITHOUT_MACROS: ReadonlySet<string> = new Set(['ctl', 't', 'xmlns', 'rev', 'ver', 'exec']);
