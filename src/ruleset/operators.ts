// Resolves the operator of a rule and compiles its argument once.

import { asciiTrim, isAsciiSpace } from '../base/ascii.ts';
import { compileMacro, hasMacro } from '../library/macro.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { CompiledOperator } from '../model/operator.ts';
import { OperatorArgumentError } from '../model/operator.ts';
import type { OperatorNode } from '../seclang/ast.ts';
import { spanInWord } from '../seclang/word.ts';
import type { CheckContext } from './context.ts';
import { macroOptions, type PlaceOf, reportBrokenMacros, reportUnknownMacro } from './macros.ts';
import { allowedProgram } from './programs.ts';
import type { RuleOperator } from './ruleset.ts';
import { loadScript } from './scripts.ts';
import { suggestion } from './suggestion.ts';

const NEVER: CompiledOperator = Object.freeze({ evaluate: () => false });

/** libmodsecurity loads a pattern that is none, and says so each time it is asked. */
const neverMatches = (pattern: string): CompiledOperator => ({
  evaluate: (_value, { transaction }) => {
    transaction.tell(3, `Error with regular expression: "${pattern}"`);
    return false;
  },
});

function expandsMacros(name: string, { patternMacros, phraseMacros }: Behaviour): boolean {
  if (name === 'rx') return patternMacros !== 'none';
  return name !== 'strmatch' || phraseMacros === 'expanded';
}

/** `@bogus foo` as the pattern `@bogus foo`. */
function asPattern(node: OperatorNode): OperatorNode {
  const text = node.word.text;
  const start = text.indexOf('@', node.negated ? text.indexOf('!') + 1 : 0);
  return { ...node, name: 'rx', implicit: true, argument: text.slice(start), argumentStart: start };
}

/** The argument with what a backslash at the line end leaves behind in Coraza, or in libmodsecurity. */
function joinedArgument(
  { word, argumentStart, argument }: OperatorNode,
  joined: Behaviour['joinedOperators'],
): string {
  const { text, offsets, span } = word;
  if (offsets === undefined) return argument;
  const { source } = span;
  let result = '';
  let from = argumentStart;
  for (let at = argumentStart + 1; at < text.length; at++) {
    const between = source.text.slice(offsets[at - 1]! + 1, offsets[at]);
    if (!between.includes('\n')) continue;
    result += text.slice(from, at);
    from = at;
    if (joined === 'as-written') result += between;
    else while (isAsciiSpace(text.charCodeAt(from))) from++;
  }
  return result + text.slice(from);
}

/** The argument as the chosen engine cuts it out of its word. */
function argumentOf(
  node: OperatorNode,
  { joinedOperators, operatorBlanks, operatorQuotes, operatorBackslashes }: Behaviour,
): string {
  const { word, argumentStart } = node;
  let argument =
    joinedOperators === 'indent-kept' ? node.argument : joinedArgument(node, joinedOperators);
  if (operatorBlanks === 'trimmed') argument = asciiTrim(argument);
  if (operatorBlanks === 'kept' && !node.implicit) {
    const before = /[ \t]*$/.exec(word.text.slice(0, argumentStart))?.[0] ?? '';
    argument = before.slice(1) + argument;
  }
  if (operatorQuotes === 'kept' && word.quote === '"' && node.name.toLowerCase() !== 'pm') {
    argument = argument.replaceAll('"', '\\"');
  }
  if (operatorBackslashes === 'halved' && word.quote !== '') {
    argument = argument.replaceAll('\\\\', '\\');
  }
  return argument;
}

/** Undefined when the operator is wrong; the report says why. */
export function resolveOperator(
  node: OperatorNode,
  context: CheckContext,
): RuleOperator | undefined {
  const { library, report, files } = context;
  const { behaviour } = context;
  const known = behaviour.unknown.has(`@${node.name.toLowerCase()}`)
    ? undefined
    : library.operators.find(node.name);
  if (known === undefined && behaviour.unknownOperators === 'patterns') {
    return resolveOperator(asPattern(node), context);
  }
  const definition = known;
  if (definition === undefined) {
    report.error({
      code: 'unknown-operator',
      message: `"@${node.name}" is not an operator`,
      span: node.nameSpan,
      help: suggestion(node.name, library.operators.names, (name) => `@${name}`),
    });
    return undefined;
  }
  const argument = argumentOf(node, behaviour);
  // libmodsecurity takes the quotes for a part of an operator that it does not know.
  if (node.word.quote === "'" && behaviour.singleQuotedOperators === 'never-match') {
    return {
      definition,
      negated: node.negated,
      argument,
      macro: undefined,
      compiled: NEVER,
    };
  }
  if (definition.argument === 'required' && argument === '') {
    report.error({
      code: 'missing-operator-argument',
      message: `"@${definition.name}" needs an argument`,
      span: node.span,
      help: definition.summary,
    });
    return undefined;
  }
  const placeOf: PlaceOf = (offset, length) => {
    const start = node.argumentStart + offset;
    return spanInWord(node.word, start, start + length);
  };
  if (definition.macros) reportBrokenMacros(argument, placeOf, context, true);
  const hasMacros =
    definition.macros && expandsMacros(definition.name, behaviour) && hasMacro(argument);
  const macro = hasMacros
    ? compileMacro(
        argument,
        library.variables,
        (name, offset) => reportUnknownMacro(name, placeOf(offset, name.length), context),
        macroOptions(context),
      )
    : undefined;
  try {
    const compiled = definition.compile(argument, {
      hasMacros,
      behaviour: context.behaviour,
      memo: context.memo,
      compilePattern: context.compilePattern,
      readData: (path) =>
        files.read(files.resolve(node.span.source.name, path)) ?? files.read(path),
      dataset: context.operatorData.dataset,
      geoDatabase: context.operatorData.geoDatabase,
      httpBlKey: context.operatorData.httpBlKey,
      loadXmlGrammar: context.operatorData.loadXmlGrammar,
      loadScript: (path) => loadScript(path, node.argumentSpan, context),
      allowedProgram: (path) => allowedProgram(path, node.argumentSpan, context),
      warn: (warning) => report.warning({ ...warning, span: node.span }),
    });
    return Object.freeze({
      definition,
      negated: node.negated,
      argument,
      macro,
      compiled,
    });
  } catch (error) {
    if (!(error instanceof OperatorArgumentError)) throw error;
    if (definition.name === 'rx' && behaviour.invalidPatterns === 'never-match') {
      const compiled = neverMatches(argument);
      return { definition, negated: node.negated, argument, macro: undefined, compiled };
    }
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
