// Header fields by name, and the lists inside their values. Names compare without case, ASCII only.

import type { Header } from '../../model/exchange.ts';

/** The values of one field, in order. `lowerName` is lower case. */
export function fieldValues(headers: readonly Header[], lowerName: string): string[] {
  const values: string[] = [];
  for (const [name, value] of headers) {
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) values.push(value);
  }
  return values;
}

/** The members of a comma-separated field over all its lines, lower case, without blanks around. */
export function fieldTokens(headers: readonly Header[], lowerName: string): string[] {
  const tokens: string[] = [];
  for (const value of fieldValues(headers, lowerName)) {
    for (const member of value.split(',')) {
      const token = member.trim().toLowerCase();
      if (token !== '') tokens.push(token);
    }
  }
  return tokens;
}
