// Undoes the chunked transfer coding of a whole body in hand.
//
// All or nothing: a body that deviates from the grammar anywhere answers undefined, because guessing at
// chunk borders is how requests are smuggled.

const SIZE_LINE = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?$/;

/** The decoded body; undefined when `body` is not exactly one chunked body with optional trailers. */
export function decodeChunked(body: string): string | undefined {
  const pieces: string[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const digits = SIZE_LINE.exec(body.slice(at, lineEnd))?.[1];
    if (digits === undefined) return undefined;
    const size = Number.parseInt(digits, 16);
    const dataStart = lineEnd + 2;
    if (size === 0) return endsWithTrailers(body, dataStart) ? pieces.join('') : undefined;
    const dataEnd = dataStart + size;
    if (body.slice(dataEnd, dataEnd + 2) !== '\r\n') return undefined;
    pieces.push(body.slice(dataStart, dataEnd));
    at = dataEnd + 2;
  }
}

function endsWithTrailers(body: string, from: number): boolean {
  let at = from;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd === -1) return false;
    if (lineEnd === at) return lineEnd + 2 === body.length;
    if (!body.slice(at, lineEnd).includes(':')) return false;
    at = lineEnd + 2;
  }
}
