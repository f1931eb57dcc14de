// The key of keyed hashes: from a file or the environment, else random for this process.

import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Hmac } from '../policy/actors/keyed-hash.ts';
import type { HashKeyOptions } from '../policy/attribution/schema.ts';

export interface LoadedHashKey {
  readonly hmac: Hmac;
  /** Other processes have other keys: what this one stores under hashes, they do not find. */
  readonly isRandom: boolean;
}

/** As long as the digest: a longer key is no better, a shorter one can be found by trying. */
const KEY_BYTES = 32;
const MIN_KEY_BYTES = 16;

/** What is wrong goes on from "the key ". */
export function loadHashKey(
  options: HashKeyOptions | undefined,
  readFile: (path: string) => string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  processKey: Uint8Array | undefined = undefined,
): LoadedHashKey | { readonly problem: string } {
  if (options === undefined) {
    return { hmac: hmacOf(Buffer.from(processKey ?? randomBytes(KEY_BYTES))), isRandom: true };
  }
  let key: Buffer;
  if ('env' in options) {
    const text = environment[options.env];
    if (text === undefined) {
      return { problem: `is missing: the environment has no variable "${options.env}"` };
    }
    key = Buffer.from(text, 'utf8');
  } else {
    const text = readFile(options.file);
    if (text === undefined) {
      return { problem: `is missing: the file "${options.file}" does not exist or cannot be read` };
    }
    key = Buffer.from(text.replace(/\r?\n$/, ''), 'latin1');
  }
  if (key.length < MIN_KEY_BYTES) {
    return { problem: `is too short: ${key.length} bytes, expected ${MIN_KEY_BYTES} or more` };
  }
  return { hmac: hmacOf(key), isRandom: false };
}

/** Users and addresses come again and again, and a hash costs more than the rules that ask for it. */
const MAX_CACHED = 16_384;
const MAX_CACHED_BYTES = 256;

function hmacOf(bytes: Buffer): Hmac {
  const key: KeyObject = createSecretKey(bytes);
  const cache = new Map<string, string>();
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const digest = createHmac('sha256', key).update(text, 'latin1').digest('hex');
    if (text.length > MAX_CACHED_BYTES) return digest;
    if (cache.size >= MAX_CACHED) {
      for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
    }
    cache.set(text, digest);
    return digest;
  };
}
