// Short forms for writing down an action's record, and the values that several actions share.

import { suggest } from '../../diagnostics/suggest.ts';
import {
  type ActionContext,
  type ActionDefinition,
  type ActionGroup,
  ActionValueError,
  type Disruptive,
  type RuleDraft,
} from '../../model/action.ts';

interface ActionShape {
  readonly group: ActionGroup;
  readonly value: ActionDefinition['value'];
  readonly inLink: boolean;
  readonly inDefault: boolean;
}

export function defineAction(
  name: string,
  summary: string,
  shape: ActionShape,
  apply: (draft: RuleDraft, value: string, context: ActionContext) => void,
  aliases?: readonly string[],
): ActionDefinition {
  return Object.freeze({ name, summary, ...shape, apply, ...(aliases && { aliases }) });
}

export const METADATA: ActionShape = {
  group: 'metadata',
  value: 'required',
  inLink: false,
  inDefault: false,
};
export const DISRUPTIVE: ActionShape = {
  group: 'disruptive',
  value: 'none',
  inLink: false,
  inDefault: true,
};
export const FLOW: ActionShape = {
  group: 'flow',
  value: 'required',
  inLink: false,
  inDefault: false,
};
export const SWITCH: ActionShape = {
  group: 'non-disruptive',
  value: 'none',
  inLink: true,
  inDefault: true,
};
export const EFFECT: ActionShape = {
  group: 'non-disruptive',
  value: 'required',
  inLink: true,
  inDefault: true,
};

export function disruptive(name: string, summary: string, action: Disruptive): ActionDefinition {
  return defineAction(name, summary, DISRUPTIVE, (draft) => {
    draft.disruptive = action;
  });
}

/** A decimal number within bounds, or an `ActionValueError` that names them. */
export function numberValue(value: string, low: number, high: number): number {
  const text = value.trim();
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < low || number > high) {
    throw new ActionValueError(`"${value}" is not a number from ${low} to ${high}`, {
      help: `write one of these in decimal digits`,
    });
  }
  return number;
}

/** One of a few words in any case, or an `ActionValueError` that lists them. */
export function wordValue<T extends string>(value: string, words: readonly T[]): T {
  const found = words.find((word) => word.toLowerCase() === value.trim().toLowerCase());
  if (found === undefined) {
    const near = suggest(value.trim(), words);
    throw new ActionValueError(`"${value}" is not one of ${words.join(', ')}`, {
      help: near === undefined ? 'write one of these' : `did you mean "${near}"?`,
    });
  }
  return found;
}
