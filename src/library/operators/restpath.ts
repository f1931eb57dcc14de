// @restpath (Coraza). The value holds a path of the form in the argument: `/users/{id}/orders`.
//
// `{id}` stands for one segment and sets ARGS_PATH:id. Everything else is a regular expression, and it is
// not anchored, so `/users/{id}` also matches inside `/v2/users/7/orders`; write ^ and $ to prevent that.

import { OperatorArgumentError, type OperatorDefinition } from '../../model/operator.ts';
import type { Pair } from '../../model/pair.ts';

const SEGMENT = '([^?/]+)';
const NAME = /^[A-Za-z0-9_.-]+$/;

interface PathPattern {
  readonly pattern: string;
  readonly names: readonly { readonly name: string; readonly group: number }[];
}

export const restpath: OperatorDefinition = Object.freeze({
  name: 'restpath',
  summary: 'the value holds a path with named segments; fills ARGS_PATH',
  argument: 'required',
  macros: false,
  compile: (argument, context) => {
    const { pattern, names } = readPath(argument);
    const matcher = context.compilePattern(pattern);
    return {
      evaluate: (value, run) => {
        const match = matcher.exec(value);
        if (match === null) return false;
        const found: Pair[] = names.map(({ name, group }) => ({
          key: name,
          value: match.groups[group] ?? '',
        }));
        if (found.length > 0) run.transaction.addPathArguments(found);
        run.detail = `Path match "${argument}"`;
        return true;
      },
    };
  },
} satisfies OperatorDefinition);

/** Segments become groups; those the author wrote are counted, so that names find theirs. */
function readPath(argument: string): PathPattern {
  const names: { name: string; group: number }[] = [];
  const part =
    /\\[xopP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]?|\((?!\?(?!P?<[A-Za-z_]|'))|\{[^}]*\}?/gs;
  let group = 0;
  const pattern = argument.replace(part, (written, offset: number) => {
    if (written === '(') group++;
    if (!written.startsWith('{')) return written;
    const name = written.slice(1, -1);
    if (!written.endsWith('}') || !NAME.test(name)) {
      throw new OperatorArgumentError(`"${written}" is not a named segment`, {
        code: 'bad-path-segment',
        offset,
        length: written.length,
        help: 'write the name in braces: {id}; to repeat something, spell it out',
      });
    }
    names.push({ name, group: ++group });
    return SEGMENT;
  });
  return { pattern, names };
}
