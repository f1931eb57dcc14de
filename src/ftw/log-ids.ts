// Finds rule ids in a line of an engine's log, the way go-ftw does.

const BRACKETED = /\[\\?"?id\\?"?[ :]\s*\\?"(\d+)\\?"\]/g;
const JSON_MEMBER = /[{,]\s*\\?"(?:id|ruleId)\\?"\s*:\s*(?:\\?"(\d+)\\?"|(\d+))/g;

/** Ids in order of appearance. `[id "N"]` wins; JSON members count only in lines without it. */
export function ruleIdsOf(line: string): number[] {
  const bracketed = [...line.matchAll(BRACKETED)].map((found) => Number(found[1]));
  if (bracketed.length > 0) return bracketed;
  return [...line.matchAll(JSON_MEMBER)].map((found) => Number(found[1] ?? found[2]));
}
