// How the parser's messages name what was found and what was expected.

/** At most this much of a rule is quoted in a message. */
const LONGEST_QUOTE = 64;

/** What a grammar calls its tokens, for the reader; several types may be one thing. */
export type TokenNames = Readonly<Record<string, string>>;

export const TARGET_TOKENS: TokenNames = {
  separator: '"|"',
  exclude: 'a variable',
  count: 'a variable',
  name: 'a variable',
  key: 'a variable',
  xmlKey: 'a variable',
  literal: 'a selector',
  quoted: 'a selector',
  regex: 'a selector',
  xpath: 'an XPath',
  open: 'an XPath',
  close: 'a closing bracket',
};

export const ACTION_TOKENS: TokenNames = {
  separator: '","',
  flag: 'an action',
  key: 'an action',
  bare: 'a value',
  quoted: 'a value',
};

/** The text in double quotes, shortened; "the end" when there is none. */
export function quoted(text: string, start: number, end: number): string {
  if (end <= start) return 'the end';
  const length = Math.min(end - start, LONGEST_QUOTE);
  return `"${text.slice(start, start + length)}${length < end - start ? '...' : ''}"`;
}

/** `found "x", expected an action or ","` */
export function expectation(
  found: string,
  expected: readonly string[],
  tokens: TokenNames,
): string {
  const names = [...new Set(expected.map((type) => tokens[type] ?? type))];
  if (names.length === 0) return `found ${found}, expected the end`;
  const last = names.pop();
  const list = names.length === 0 ? last : `${names.join(', ')} or ${last}`;
  return `found ${found}, expected ${list}`;
}
