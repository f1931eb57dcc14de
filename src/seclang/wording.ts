// How the parser's messages name what was found and what was expected.

/** At most this much of a rule is quoted in a message. */
const LONGEST_QUOTE = 64;

/** The types of tokens in words; several types may be one thing to the reader. */
const NAMES: Readonly<Record<string, string>> = {
  separator: 'a separator',
  exclude: 'a variable',
  count: 'a variable',
  name: 'a variable',
  key: 'a name',
  xmlKey: 'a variable',
  literal: 'a selector',
  quoted: 'a value',
  bare: 'a value',
  regex: 'a selector',
  xpath: 'an XPath',
  open: 'an XPath',
  close: 'a closing bracket',
  flag: 'a name',
};

/** The text in double quotes, shortened; "the end" when there is none. */
export function quoted(text: string, start: number, end: number): string {
  if (end <= start) return 'the end';
  const length = Math.min(end - start, LONGEST_QUOTE);
  return `"${text.slice(start, start + length)}${length < end - start ? '...' : ''}"`;
}

/** `found "x", expected a name or a separator` */
export function expectation(found: string, expected: readonly string[]): string {
  const names = [...new Set(expected.map((type) => NAMES[type] ?? type))];
  if (names.length === 0) return `found ${found}, expected the end`;
  const last = names.pop();
  const list = names.length === 0 ? last : `${names.join(', ')} or ${last}`;
  return `found ${found}, expected ${list}`;
}
