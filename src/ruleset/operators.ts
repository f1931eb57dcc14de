// Resolves the operator of a rule and compiles its argument once.

import { compileMacro, hasMacro } from '../library/macro.ts';
import { OperatorArgumentError } from '../model/operator.ts';
import type { OperatorNode } from '../seclang/ast.ts';
import { spanInWord } from '../seclang/word.ts';
import type { CheckContext } from './context.ts';
import type { RuleOperator } from './ruleset.ts';
import { suggestion } from './suggestion.ts';

/** Undefined when the operator is wrong; the report says why. */
export function resolveOperator(
  node: OperatorNode,
  context: CheckContext,
): RuleOperator | undefined {
  const { library, report, files } = context;
  const definition = library.operators.find(node.name);
  if (definition === undefined) {
    report.error({
      code: 'unknown-operator',
      message: `"@${node.name}" is not an operator`,
      span: node.nameSpan,
      help: suggestion(node.name, library.operators.names, (name) => `@${name}`),
    });
    return undefined;
  }
  if (definition.argument === 'required' && node.argument === '') {
    report.error({
      code: 'missing-operator-argument',
      message: `"@${definition.name}" needs an argument`,
      span: node.span,
      help: definition.summary,
    });
    return undefined;
  }
  const hasMacros = definition.macros && hasMacro(node.argument);
  const macro = hasMacros
    ? compileMacro(node.argument, library.variables, (name, offset) =>
        report.warning({
          code: 'unknown-macro',
          message: `"${name}" in the argument is not a variable; it expands to nothing`,
          span: spanInWord(
            node.word,
            node.argumentStart + offset,
            node.argumentStart + offset + name.length,
          ),
          help: suggestion(name, library.variables.names),
        }),
      )
    : undefined;
  try {
    const compiled = definition.compile(node.argument, {
      hasMacros,
      behaviour: context.behaviour,
      compilePattern: context.compilePattern,
      readData: (path) =>
        files.read(files.resolve(node.span.source.name, path)) ?? files.read(path),
      dataset: context.operatorData.dataset,
      geoDatabase: context.operatorData.geoDatabase,
      loadXmlGrammar: context.operatorData.loadXmlGrammar,
      warn: (warning) => report.warning({ ...warning, span: node.span }),
    });
    return Object.freeze({
      definition,
      negated: node.negated,
      argument: node.argument,
      macro,
      compiled,
    });
  } catch (error) {
    if (!(error instanceof OperatorArgumentError)) throw error;
    const start = error.offset === undefined ? undefined : node.argumentStart + error.offset;
    report.error({
      code: error.code,
      message: error.message,
      span:
        start === undefined
          ? node.argumentSpan
          : spanInWord(node.word, start, start + Math.max(1, error.length ?? 1)),
      help: error.help,
    });
    return undefined;
  }
}
