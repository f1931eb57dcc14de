// What C-like backslash escapes stand for; t:jsDecode and t:escapeSeqDecode share it.

/** The control char of `\a \b \f \n \r \t \v`, or -1. */
export function controlEscape(code: number): number {
  switch (code) {
    case 0x61:
      return 0x07;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    case 0x76:
      return 0x0b;
    default:
      return -1;
  }
}

export function isOctalDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x37;
}

/** How many of the octal digits at `at` belong to an escape, at most `most`. */
export function octalDigits(value: string, at: number, most: number): number {
  let count = 0;
  while (count < most && isOctalDigit(value.charCodeAt(at + count))) count++;
  return count;
}
