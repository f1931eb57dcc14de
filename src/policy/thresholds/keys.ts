// Keys of thresholds in the store. All begin with `t:` and a letter, and every part tells its length, so that
// no two different lists of parts make the same key, whatever a user is called.

/** One part of a key: NUL, which keys cannot hold, is escaped. */
export function keyPart(text: string): string {
  const escaped = /[\0%]/.test(text) ? text.replaceAll('%', '%25').replaceAll('\0', '%00') : text;
  return `.${escaped.length}.${escaped}`;
}

/** Where an actor is marked as blocked by a threshold; the value of the mark is the threshold's id. */
export const actorBlockKey = (actor: string): string => `t:a${keyPart(actor)}`;

/** Keys under which one request counts. Counters of all thresholds of a scope lie under one key. */
export interface SubjectKeys {
  /** Where a block of the actor is marked. */
  readonly actorBlock: string;
  readonly counters: (perUser: boolean, perEndpoint: boolean) => string;
  /** Behind the prefix of a mark of one threshold. */
  readonly scope: (perUser: boolean, perEndpoint: boolean) => string;
}

const ALL = 't:all';

export function subjectKeys(actor: string, endpoint: string): SubjectKeys {
  const actorPart = keyPart(actor);
  const user = `t:u${actorPart}`;
  let endpointPart: string | undefined;
  let both: string | undefined;
  let place: string | undefined;
  const partOfEndpoint = (): string => {
    endpointPart ??= keyPart(endpoint);
    return endpointPart;
  };
  return {
    actorBlock: `t:a${actorPart}`,
    // The same text again costs the store no hashing.
    counters: (perUser, perEndpoint) => {
      if (!perEndpoint) return perUser ? user : ALL;
      if (perUser) {
        both ??= `t:b${actorPart}${partOfEndpoint()}`;
        return both;
      }
      place ??= `t:e${partOfEndpoint()}`;
      return place;
    },
    scope: (perUser, perEndpoint) =>
      (perUser ? actorPart : '') + (perEndpoint ? partOfEndpoint() : ''),
  };
}
