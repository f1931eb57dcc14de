// Transaction ids: 24 characters out of 64, from the platform's random source (144 bits).

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

// Random bytes are drawn for many ids at once: a call for each costs more than the rest of the id.
const IDS_PER_DRAW = 128;
const LENGTH = 24;

export function createIdSource(): () => string {
  const bytes = new Uint8Array(LENGTH * IDS_PER_DRAW);
  let at = bytes.length;
  return () => {
    if (at === bytes.length) {
      globalThis.crypto.getRandomValues(bytes);
      at = 0;
    }
    let id = '';
    for (const end = at + LENGTH; at < end; at++) id += ALPHABET[bytes[at]! & 63];
    return id;
  };
}
