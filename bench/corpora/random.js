// Random choices that are the same on every machine and in every run: all of a corpus follows from its seed.

/** A source of choices. Equal seeds give equal sequences. */
export function createRandom(seed) {
  let state = seed >>> 0;
  // mulberry32: 32 bits of state are plenty for test data, and it is the same everywhere.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (from, to) => from + Math.floor(next() * (to - from + 1));
  const pick = (list) => list[Math.floor(next() * list.length)];
  const chance = (share) => next() < share;
  const text = (alphabet, length) => {
    let out = '';
    for (let at = 0; at < length; at++) out += alphabet[Math.floor(next() * alphabet.length)];
    return out;
  };
  return {
    next,
    /** A whole number, both ends included. */
    int,
    pick,
    chance,
    text,
    hex: (length) => text('0123456789abcdef', length),
    token: (length) =>
      text('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', length),
    /** Between two sizes, small ones as likely as large ones on a logarithmic scale. */
    size: (from, to) => Math.round(from * (to / from) ** next()),
    /** One of `[weight, value]` pairs. */
    weighted: (choices) => {
      let left = next() * choices.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of choices) {
        left -= weight;
        if (left < 0) return value;
      }
      return choices.at(-1)[1];
    },
    shuffle: (list) => {
      const out = [...list];
      for (let at = out.length - 1; at > 0; at--) {
        const other = int(0, at);
        [out[at], out[other]] = [out[other], out[at]];
      }
      return out;
    },
  };
}
