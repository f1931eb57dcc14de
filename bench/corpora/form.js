// Large forms: 200 arguments, just under the 128 KiB that engine settings allow a body without files.

import { browserHeaders, path, request } from './http.js';
import { fieldName, prose } from './words.js';

export const COUNT = 40;
export const ARGUMENTS = 200;
export const BYTES = 128 * 1024;

/** A form of `count` arguments and about `size` bytes, never above. */
export function formBody(random, count, size) {
  const each = Math.floor(size / count);
  const parts = [];
  for (let index = 0; index < count; index++) {
    const name = `${fieldName(random)}_${index}`;
    const room = Math.max(0, each - name.length - 2);
    // Encoding makes `!` and `,` longer: cut behind it, but never inside an escape.
    const value = encodeURIComponent(prose(random, room)).replaceAll('%20', '+').slice(0, room);
    parts.push(`${name}=${value.replace(/%.?$/, '')}`);
  }
  return parts.join('&');
}

export function create(random, index) {
  return request(random, `form-${index}`, {
    method: 'POST',
    uri: path(random),
    headers: browserHeaders(random),
    type: 'application/x-www-form-urlencoded',
    body: formBody(random, ARGUMENTS, BYTES - random.int(16, 2048)),
  });
}
