// Small GETs of a shop: the request that a WAF sees most, each with its own names, values, cookies and agent.

import { browserHeaders, path, queryString, request } from './http.js';

export const COUNT = 10_000;

export function create(random, index) {
  const kind = random.weighted([
    [6, 'page'],
    [2, 'fetch'],
    [2, 'image'],
  ]);
  const ending = kind === 'image' ? random.pick(['.jpg', '.png', '.webp', '.css', '.js']) : '';
  const query = random.chance(0.75) ? `?${queryString(random, random.int(1, 6))}` : '';
  return request(random, `get-${index}`, {
    uri: path(random, ending) + query,
    headers: browserHeaders(random, kind),
  });
}
