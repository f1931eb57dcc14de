// Keys of what is counted for a subject, for a subject at a place, for a place, and for all: who, and what is
// asked of. Stores know them, so that one that keeps counters of a request in reach of each other need not
// look at the texts of its keys, which are long and different each time.
//
// All begin with `t:` and a letter, and every part tells its length, so that no two different lists of parts make
// the same key, whatever a user is called.

/** Whose counters they are. */
export const SUBJECT = 0;
export const SUBJECT_AT_PLACE = 1;
export const PLACE = 2;
export const ALL = 3;

export interface SubjectKey {
  readonly scope: number;
  readonly subject: string;
  readonly place: string;
}

export function subjectKey(scope: number, subject: string, place: string): string {
  switch (scope) {
    case SUBJECT:
      return `t:a${keyPart(subject)}`;
    case SUBJECT_AT_PLACE:
      return `t:b${keyPart(subject)}${keyPart(place)}`;
    case PLACE:
      return `t:e${keyPart(place)}`;
    default:
      return 't:all';
  }
}

/** What the key is made of; undefined when it is another one. */
export function readSubjectKey(key: string): SubjectKey | undefined {
  if (key.charCodeAt(0) !== T || key.charCodeAt(1) !== COLON) return undefined;
  if (key === 't:all') return EVERYBODY;
  const scope = LETTERS.indexOf(key.charAt(2));
  if (scope < 0) return undefined;
  const [subject = '', place = ''] = partsOf(key, 3, scope === SUBJECT_AT_PLACE ? 2 : 1);
  const read = scope === PLACE ? { scope, subject: '', place: subject } : { scope, subject, place };
  return subjectKey(scope, read.subject, read.place) === key ? read : undefined;
}

/** One part of a key: NUL, which keys cannot hold, is escaped. */
export function keyPart(text: string): string {
  const escaped = escapedPart(text);
  return `.${escaped.length}.${escaped}`;
}

function escapedPart(text: string): string {
  if (text.indexOf('%') < 0 && text.indexOf('\0') < 0) return text;
  return text.replaceAll('%', '%25').replaceAll('\0', '%00');
}

function partsOf(key: string, start: number, count: number): readonly string[] {
  const parts: string[] = [];
  let at = start + 1;
  while (parts.length < count) {
    const dot = key.indexOf('.', at);
    const end = dot + 1 + Number(key.slice(at, dot));
    if (dot < 0 || !(end <= key.length)) return parts;
    parts.push(
      key
        .slice(dot + 1, end)
        .replaceAll('%00', '\0')
        .replaceAll('%25', '%'),
    );
    at = end + 1;
  }
  return parts;
}

const T = 0x74;
const COLON = 0x3a;
/** By scope. */
const LETTERS = 'abe';
const EVERYBODY: SubjectKey = Object.freeze({ scope: ALL, subject: '', place: '' });
