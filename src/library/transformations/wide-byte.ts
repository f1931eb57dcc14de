// The byte that `%uHHHH` and `\uHHHH` stand for in ModSecurity.

/**
 * The low byte; for the full-width forms U+FF01-FF5E the ASCII char they look like.
 *
 * So U+4E2D is `-`: decoding reads bytes, not characters, and rules are written with that in mind.
 */
export function wideByte(code: number): number {
  const low = code & 0xff;
  return code > 0xff00 && low > 0 && low < 0x5f ? low + 0x20 : low;
}
