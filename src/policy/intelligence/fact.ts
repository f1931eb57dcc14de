// A fact about who is asking: known with its origin, or unknown with the reason.
//
// A criterion on an unknown fact does not match, neither with `exclude`, and the trace says why it is unknown.

/** Why a fact is unknown. */
export type Unknown =
  /** The policy names no source for it. */
  | 'not-configured'
  /** Its source is off, because its file is missing or damaged. */
  | 'source-off'
  /** Its sources were asked and do not know. */
  | 'not-in-data'
  /** The request lacks what the sources would be asked about: an email address, a user agent. */
  | 'no-input';

export interface Known<T> {
  readonly known: true;
  readonly value: T;
  /** Where it comes from: a file's name, a package, a rule of attribution. */
  readonly from: string;
}

export interface NotKnown {
  readonly known: false;
  readonly why: Unknown;
  /** For the trace: `ranges.csv is off`. */
  readonly detail: string;
}

export type Fact<T> = Known<T> | NotKnown;

export function known<T>(value: T, from: string): Known<T> {
  return { known: true, value, from };
}

export function unknown(why: Unknown, detail: string): NotKnown {
  return { known: false, why, detail };
}

/** The value, for callers that do not care why there is none. */
export function knownValue<T>(fact: Fact<T>): T | undefined {
  return fact.known ? fact.value : undefined;
}

const RANK: Readonly<Record<Unknown, number>> = Object.freeze({
  'source-off': 0,
  'no-input': 1,
  'not-in-data': 2,
  'not-configured': 3,
});

/** The first source that knows; else the gravest reason: one that is off might have known. */
export function firstKnown<T>(answers: Iterable<Fact<T>>, nobody: NotKnown): Fact<T> {
  let reason = nobody;
  for (const answer of answers) {
    if (answer.known) return answer;
    if (RANK[answer.why] < RANK[reason.why]) reason = answer;
  }
  return reason;
}
