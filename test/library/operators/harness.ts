// Runs one operator as the engine will: argument, value, and what it leaves behind.

import { OPERATORS } from '../../../src/library/operators/index.ts';
import {
  type CompiledOperator,
  type GeoDatabase,
  OperatorArgumentError,
  type OperatorContext,
  type OperatorDefinition,
  type OperatorRun,
  type OperatorTransaction,
} from '../../../src/model/operator.ts';
import { capturingRun, operatorContext } from '../../support/operator-run.ts';

export interface Outcome {
  readonly matched: boolean;
  readonly captures: readonly string[];
  readonly detail: string;
}

export interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  /** What the argument's macros expand to; the operator is then compiled as one with macros. */
  readonly expanded?: string;
  readonly compilePattern?: OperatorContext['compilePattern'];
  readonly datasets?: Readonly<Record<string, readonly string[]>>;
  readonly geoDatabase?: GeoDatabase;
  readonly loadXmlGrammar?: OperatorContext['loadXmlGrammar'];
  readonly transaction?: OperatorTransaction;
  /** Takes the codes of warnings. */
  readonly warnings?: string[];
}

export function operatorNamed(name: string): OperatorDefinition {
  const found = OPERATORS.find((one) => [one.name, ...(one.aliases ?? [])].includes(name));
  if (found === undefined) throw new Error(`no operator ${name}`);
  return found;
}

export function compile(name: string, argument: string, setting: Setting = {}): CompiledOperator {
  return operatorNamed(name).compile(
    argument,
    operatorContext({
      hasMacros: setting.expanded !== undefined,
      ...(setting.compilePattern !== undefined && { compilePattern: setting.compilePattern }),
      readData: (path) => setting.files?.[path],
      dataset: (dataset) => setting.datasets?.[dataset],
      geoDatabase: setting.geoDatabase,
      loadXmlGrammar: setting.loadXmlGrammar,
      warn: ({ code }) => setting.warnings?.push(code),
    }),
  );
}

export const emptyRun: (argument: string) => OperatorRun = capturingRun;

export function run(name: string, argument: string, value: string, setting: Setting = {}): Outcome {
  const { transaction } = setting;
  const state = {
    ...emptyRun(setting.expanded ?? argument),
    ...(transaction !== undefined && { transaction }),
  };
  const matched = compile(name, argument, setting).evaluate(value, state);
  return { matched, captures: state.captures, detail: state.detail };
}

/** The code of the error with which an argument is refused; undefined when it is accepted. */
export function refusal(name: string, argument: string, setting: Setting = {}): string | undefined {
  try {
    compile(name, argument, setting);
    return undefined;
  } catch (error) {
    if (error instanceof OperatorArgumentError) return error.code;
    throw error;
  }
}
