// Lua scripts of a rule set: read and checked at load, and what they may ask of a transaction.
//
// Variables and transformations go by their names in rules: `ARGS`, `ARGS.user` (or `ARGS:user`), `ARGS./^u/`.
// As in ModSecurity, a variable that does not exist has no values; a transformation that does not exist is an
// error here, where ModSecurity leaves it out and hands on a value the script did not ask for.

import { asciiLower } from '../base/ascii.ts';
import type { Span } from '../diagnostics/span.ts';
import { WRITABLE } from '../library/actions/collection-path.ts';
import { temporaryFiles } from '../library/variables/files.ts';
import type { TransactionControl } from '../model/control.ts';
import { OperatorArgumentError } from '../model/operator.ts';
import type { Pair } from '../model/pair.ts';
import { type RunScript, ScriptError, type ScriptHost } from '../model/script.ts';
import type { Transformation } from '../model/transformation.ts';
import type { VariableDefinition } from '../model/variable.ts';
import type { CheckContext } from './context.ts';

// Names come from scripts, which may put them together from requests.
const MOST_PATTERNS = 100;

/** Reads and checks the script; undefined when it cannot be run, which the report says. */
export function loadScript(path: string, span: Span, context: CheckContext): RunScript | undefined {
  const { files, report } = context;
  if (context.loadScript === undefined) {
    report.error({
      code: 'bad-lua',
      message: 'Lua scripts need threads, which are not available here',
      span,
    });
    return undefined;
  }
  const beside = files.resolve(span.source.name, path);
  const found = files.read(beside);
  const text = found ?? files.read(path);
  if (text === undefined) {
    report.error({
      code: 'missing-data-file',
      message: `there is no script "${path}"`,
      span,
      help: 'paths are relative to the rule file',
    });
    return undefined;
  }
  const name = found === undefined ? path : beside;
  const script = context.loadScript({ name, text });
  const { fault } = script;
  if (fault !== undefined) {
    report.error({
      code: 'bad-lua',
      message: `the script is not valid Lua: ${fault.message}`,
      span: { source: { name, text, includedFrom: span }, start: fault.start, end: fault.end },
    });
    return undefined;
  }
  if (!/\bmain\b/.test(text)) {
    report.warning({
      code: 'lua-without-main',
      message: `the script "${path}" defines no main(), so it fails at every run`,
      span,
      help: 'put the condition into "function main() ... end" and return a text for a match',
    });
  }
  const patterns = new Map<string, (key: string) => boolean>();
  return (argument, transaction) =>
    script.run(argument, scriptHost(transaction, patterns, context));
}

function scriptHost(
  transaction: TransactionControl,
  patterns: Map<string, (key: string) => boolean>,
  context: CheckContext,
): ScriptHost {
  const { library } = context;
  return {
    log: (level, text) => transaction.tell(level, text),
    variables: (name, transformationNames, first) => {
      const steps = resolve(transformationNames, context);
      const [variableName, key] = splitName(name);
      const variable = library.variables.find(variableName);
      if (variable === undefined) {
        transaction.tell(1, `Lua: "${variableName}" is not a variable`);
        return [];
      }
      const pairs = pairsOf(variable, key, transaction, (pattern) =>
        keyTest(pattern, patterns, context),
      );
      const wanted = first ? pairs.slice(0, 1) : pairs;
      return wanted.map((pair) => ({
        key: pair.key,
        value: transformed(pair.value, steps, transaction),
      }));
    },
    upload: (path) => temporaryFiles(transaction).find((file) => file.path === path)?.content,
    setVariable: (name, value) => setVariable(name, value, transaction),
  };
}

/** v2 splits at the first dot, libmodsecurity at a dot or a colon. */
function splitName(name: string): readonly [name: string, key: string] {
  const at = name.search(/[.:]/);
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
}

function resolve(names: readonly string[], { library }: CheckContext): readonly Transformation[] {
  let steps: Transformation[] = [];
  for (const name of names) {
    if (name.toLowerCase() === 'none') {
      steps = [];
      continue;
    }
    const step = library.transformations.find(name);
    if (step === undefined) throw new ScriptError(`"${name}" is not a transformation`);
    steps.push(step);
  }
  return steps;
}

function transformed(
  value: string,
  steps: readonly Transformation[],
  { settings }: TransactionControl,
): string {
  const { unicodeMap, behaviour } = settings;
  const environment = { unicodeMap, htmlEntities: behaviour.htmlEntities, behaviour };
  return steps.reduce((form, { apply }) => apply(form, environment), value);
}

function pairsOf(
  variable: VariableDefinition,
  key: string,
  view: TransactionControl,
  test: (pattern: string) => (key: string) => boolean,
): readonly Pair[] {
  const { name } = variable;
  switch (variable.kind) {
    case 'scalar': {
      const value = variable.read(view);
      return value === undefined ? [] : [{ key: name, value }];
    }
    case 'document':
      return variable.select(view, key).map((value) => ({ key: `${name}:${key}`, value }));
    case 'collection': {
      let pairs = variable.list(view);
      const pattern = /^\/(.*)\/$/s.exec(key)?.[1];
      if (pattern !== undefined) {
        const matches = test(pattern);
        pairs = pairs.filter((pair) => matches(pair.key));
      } else if (key !== '') {
        const wanted = asciiLower(key);
        pairs = pairs.filter((pair) => asciiLower(pair.key) === wanted);
      }
      if (variable.keyIsName) return pairs;
      return pairs.map((pair) => ({ key: `${name}:${pair.key}`, value: pair.value }));
    }
  }
}

function keyTest(
  pattern: string,
  known: Map<string, (key: string) => boolean>,
  { compilePattern }: CheckContext,
): (key: string) => boolean {
  let test = known.get(pattern);
  if (test === undefined) {
    try {
      const matcher = compilePattern(pattern, { caseless: true });
      test = (key) => matcher.test(key);
    } catch (error) {
      if (!(error instanceof OperatorArgumentError)) throw error;
      throw new ScriptError(`"${pattern}" is not a pattern: ${error.message}`);
    }
    if (known.size >= MOST_PATTERNS) known.clear();
    known.set(pattern, test);
  }
  return test;
}

/** The value is taken as it is: no macros, no arithmetic, for it may come from a request. */
function setVariable(
  name: string,
  value: string | undefined,
  transaction: TransactionControl,
): void {
  const dot = name.indexOf('.');
  const collection = name.slice(0, Math.max(0, dot)).toUpperCase();
  if (dot === name.length - 1 || !WRITABLE.includes(collection)) {
    throw new ScriptError(`m.setvar: "${name}" is not a variable that can be set, like tx.name`);
  }
  const key = name.slice(dot + 1);
  // A persistent collection that is not open takes nothing, as with the action setvar.
  const target = transaction.mutable(collection);
  if (value === undefined) target?.unset(key);
  else target?.set(key, value);
}
