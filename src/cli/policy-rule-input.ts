// What is typed for a rule: assignments of single fields, or a whole rule from a file or stdin.

import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { type Assignment, parsePath, ruleValue } from '../policy/edit/change.ts';
import { UsageError } from './output.ts';

/** `path=value`; the value is YAML, so that 5 is a number and [a, b] a list. Throws `EditError`. */
export function parseAssignment(text: string): Assignment {
  const at = text.indexOf('=');
  if (at <= 0) throw new UsageError(`--set "${text}" is not of the form path=value`);
  return {
    path: parsePath(text.slice(0, at)),
    value: yamlValue(text.slice(at + 1), `--set ${text}`),
  };
}

/** Throws `EditError` when it is no mapping. */
export function readRule(path: string): object {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch {
    throw new UsageError(`cannot read the rule ${path}`);
  }
  return ruleValue(yamlValue(text, path));
}

function yamlValue(text: string, what: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) throw new UsageError(`${what}: ${problem.message}`);
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    throw new UsageError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
