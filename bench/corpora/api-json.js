// Calls of an API: JSON documents of 0.5 to 64 KB, nested, with fewer leaves than SecArgumentsLimit allows.

import { browserHeaders, bytes, path, request, response } from './http.js';
import { fieldName, fieldValue, prose, uuid } from './words.js';

export const COUNT = 1_000;

const MAX_LEAVES = 900;

function leaf(random, average) {
  const kind = random.next();
  if (kind < 0.25) return random.int(0, 1e6);
  if (kind < 0.35) return random.chance(0.5);
  if (kind < 0.4) return null;
  if (kind < 0.45) return Number((random.next() * 1000).toFixed(3));
  return kind < 0.75 && average < 60
    ? fieldValue(random)
    : prose(random, random.int(average >> 1, average * 2));
}

function entry(random, average) {
  const item = { id: uuid(random) };
  const fields = random.int(3, 7);
  for (let count = 0; count < fields; count++) item[fieldName(random)] = leaf(random, average);
  if (random.chance(0.4)) item[fieldName(random)] = [leaf(random, average), leaf(random, average)];
  if (random.chance(0.3))
    item.meta = { [fieldName(random)]: { [fieldName(random)]: leaf(random, average) } };
  return item;
}

export function create(random, index) {
  const size = random.size(512, 65536);
  // Larger documents get longer texts, so that the number of arguments stays below the limit.
  const average = Math.max(24, Math.ceil((size / MAX_LEAVES) * 1.8));
  const items = [];
  for (let length = 0; length < size - 100; ) {
    const item = entry(random, average);
    items.push(item);
    length += JSON.stringify(item).length + 1;
  }
  const body = bytes(JSON.stringify({ version: random.int(1, 4), items }));
  return request(random, `json-${index}`, {
    // CRS forbids PUT and PATCH unless its setup allows them.
    method: 'POST',
    uri: `/api/v${random.int(1, 4)}${path(random)}`,
    headers: [
      ...browserHeaders(random, 'fetch').filter(([name]) => name !== 'Cookie'),
      ['Authorization', `Bearer ${random.token(40)}.${random.token(120)}.${random.token(43)}`],
    ],
    type: 'application/json',
    body,
    response: response(200, 'application/json', JSON.stringify({ ok: true, id: uuid(random) })),
  });
}
