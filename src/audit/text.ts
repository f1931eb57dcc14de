// Escapes of audit logs: what a request holds must not be able to end a line or a section.

/** Control characters, DEL and above as \xhh: what libmodsecurity does to everything that it logs. */
export function hexEscaped(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, hexByte);
}

/** As `hexEscaped`, and quotes and backslashes too, for texts between quotes. */
export function hexEscapedQuoted(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, hexByte);
}

/** A header or request line: bytes as sent, except those that could end the line. */
export function oneLine(text: string): string {
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, hexByte);
}

function hexByte(char: string): string {
  return `\\x${(char.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`;
}

/**
 * The content of a section: bytes as sent, but a line that looks like a section's beginning has its first
 * dash escaped. The boundary cannot be guessed; readers that do not check it must be safe as well.
 */
export function withoutBoundaries(text: string): string {
  return text.replace(/(^|[\r\n])-(?=--?[0-9A-Za-z]{8,10}-{1,3}[A-Z]--)/g, '$1\\x2d');
}

/** At most `max` chars, with libmodsecurity's remark on what was left out. */
export function limited(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max)} (${text.length - max} characters omitted)`;
}
