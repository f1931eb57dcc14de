// `%{NAME.key}`: text that is completed from the transaction, with its names resolved at load.
//
// An undefined or unknown name expands to nothing, as in ModSecurity v2 (Coraza leaves the name; v3
// refuses to load). What does not look like a macro stays as it is.

import type { Macro } from '../model/action.ts';
import type { VariableDefinition } from '../model/variable.ts';
import type { TransactionView } from '../model/view.ts';
import type { Registry } from './registry.ts';

type Part = string | ((view: TransactionView) => string);

// v3 also writes `%{NAME:key}`.
const MACRO = /%\{([A-Za-z_]+)(?:[.:]([^}]*))?\}/g;

/** True when the text holds something to expand. */
export function hasMacro(text: string): boolean {
  return text.includes('%{') && text.search(MACRO) >= 0;
}

function reader(
  variable: VariableDefinition,
  key: string | undefined,
): (view: TransactionView) => string {
  switch (variable.kind) {
    case 'scalar':
      return (view) => variable.read(view) ?? '';
    case 'document':
      return (view) => variable.select(view, key ?? '')[0] ?? '';
    case 'collection': {
      if (key === undefined || key === '') return (view) => variable.list(view)[0]?.value ?? '';
      const { find } = variable;
      if (find !== undefined) return (view) => find(view, key)?.value ?? '';
      const lowerKey = key.toLowerCase();
      return (view) => {
        for (const pair of variable.list(view)) {
          if (pair.key.length === key.length && pair.key.toLowerCase() === lowerKey)
            return pair.value;
        }
        return '';
      };
    }
  }
}

/**
 * Compiles a text with macros. `onUnknown` hears of names that no variable has, with their offset.
 */
export function compileMacro(
  text: string,
  variables: Registry<VariableDefinition>,
  onUnknown?: (name: string, offset: number) => void,
): Macro {
  if (!hasMacro(text)) return { source: text, literal: text, expand: () => text };
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(MACRO)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
    const name = match[1] as string;
    const variable = variables.find(name);
    if (variable === undefined) onUnknown?.(name, match.index + 2);
    else parts.push(reader(variable, match[2]));
  }
  if (from < text.length) parts.push(text.slice(from));
  const single = parts.length === 1 ? parts[0] : undefined;
  if (typeof single === 'function') return { source: text, literal: undefined, expand: single };
  return {
    source: text,
    literal: undefined,
    expand: (view) => {
      let expanded = '';
      for (const part of parts) expanded += typeof part === 'string' ? part : part(view);
      return expanded;
    },
  };
}
