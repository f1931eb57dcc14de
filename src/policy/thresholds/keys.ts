// Keys of thresholds in the store. All begin with `t:`, and every part tells its length, so that no two
// different lists of parts make the same key, whatever a user is called.

/** One part of a key: NUL, which keys cannot hold, is escaped. */
export function keyPart(text: string): string {
  const escaped = /[\0%]/.test(text) ? text.replaceAll('%', '%25').replaceAll('\0', '%00') : text;
  return `.${escaped.length}.${escaped}`;
}

/** Where an actor is marked as blocked by a threshold; the value of the mark is the threshold's id. */
export const actorBlockKey = (actor: string): string => `t:a${keyPart(actor)}`;
