// `collection.key`, as setvar, expirevar and deprecatevar name a variable.

import { type ActionContext, ActionValueError, type Macro } from '../../model/action.ts';

/** The collections that outlive a transaction. */
export const PERSISTENT: readonly string[] = Object.freeze([
  'GLOBAL',
  'IP',
  'RESOURCE',
  'SESSION',
  'USER',
]);

/** All that rules can write to. */
export const WRITABLE: readonly string[] = Object.freeze(['TX', ...PERSISTENT]);

export interface CollectionPath {
  /** Upper case. */
  readonly collection: string;
  readonly key: Macro;
  /** As written. */
  readonly text: string;
}

/** Throws `ActionValueError` when the text names no variable of a collection that rules can change. */
export function collectionPath(
  text: string,
  action: string,
  context: ActionContext,
): CollectionPath {
  const colons = context.behaviour?.assignmentSeparator === 'dot-or-colon';
  const dot = text.search(colons ? /[.:]/ : /\./);
  if (dot <= 0 || dot === text.length - 1) {
    throw new ActionValueError(`"${text}" does not name a variable`, {
      help: `write ${action}:ip.name=value; the collection comes first, then a dot`,
    });
  }
  const collection = text.slice(0, dot).toUpperCase();
  if (!WRITABLE.includes(collection)) {
    throw new ActionValueError(
      `"${text.slice(0, dot)}" is not a collection that ${action} can change`,
      { help: `use one of ${WRITABLE.join(', ').toLowerCase()}` },
    );
  }
  return { collection, key: context.macro(text.slice(dot + 1)), text };
}

/** The variables of TX end with their transaction: accepted as in ModSecurity, with a word about it. */
export function warnWithoutLifetime({ collection }: CollectionPath, context: ActionContext): void {
  if (PERSISTENT.includes(collection)) return;
  context.warn(
    'no-effect',
    'variables of TX end with their transaction; nothing is done',
    `name a variable of ${PERSISTENT.join(', ').toLowerCase()}`,
  );
}
