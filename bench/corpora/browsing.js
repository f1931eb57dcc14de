// People in a shop: pages of 2 to 20 KB of HTML, JSON for the page's scripts, small posts, redirects, images.

import {
  browserHeaders,
  bytes,
  cookieHeader,
  path,
  queryString,
  request,
  response,
} from './http.js';
import { email, fieldName, fieldValue, NOUNS, person, prose, sentence } from './words.js';

export const COUNT = 2_000;

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const BLOCKS = [
  (random) => `<p>${escaped(prose(random, random.int(80, 500)))}</p>`,
  (random) => `<h2 id="${random.pick(NOUNS)}">${escaped(sentence(random))}</h2>`,
  (random) =>
    `<a class="card card-${random.int(1, 9)}" href="${path(random)}?${queryString(random, 2).replaceAll('&', '&amp;')}"><img src="/media/${random.hex(12)}.webp" alt="${escaped(fieldValue(random))}" loading="lazy" width="320" height="240"><span>${escaped(fieldValue(random))}</span> <b>${random.int(1, 400)},${random.int(10, 99)} EUR</b></a>`,
  (random) =>
    `<ul>${Array.from({ length: random.int(3, 9) }, () => `<li><a href="${path(random)}">${escaped(fieldValue(random))}</a></li>`).join('')}</ul>`,
  (random) =>
    `<table><tr><th>${random.pick(NOUNS)}</th><th>${random.pick(NOUNS)}</th></tr>${Array.from({ length: random.int(2, 8) }, () => `<tr><td>${escaped(fieldValue(random))}</td><td>${random.int(1, 9999)}</td></tr>`).join('')}</table>`,
  (random) =>
    `<form action="${path(random)}" method="post"><input type="hidden" name="token" value="${random.token(32)}"><label>${random.pick(NOUNS)} <input name="${fieldName(random)}" type="text"></label><button>${random.pick(NOUNS)}</button></form>`,
  (random) =>
    `<script>window.state={"page":${random.int(1, 99)},"${fieldName(random)}":"${random.token(12)}"};</script>`,
];

/** `said` stands in front of everything else. */
export function htmlPage(random, size, said = '') {
  const head = `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${escaped(sentence(random))}</title><link rel="stylesheet" href="/assets/${random.hex(8)}.css"><script src="/assets/${random.hex(8)}.js" defer></script></head><body><header><nav>`;
  let body = said;
  while (body.length < size - head.length) body += `${random.pick(BLOCKS)(random)}\n`;
  return bytes(`${head}</nav></header><main>\n${body}</main></body></html>\n`);
}

/** What programs tell everybody when they fail. Without it nobody could see whether responses are inspected at all. */
const ERRORS = [
  (random) =>
    `<br />\n<b>Fatal error</b>:  Uncaught TypeError: ${random.pick(NOUNS)}() in /var/www/html/${random.pick(NOUNS)}.php on line <b>${random.int(2, 900)}</b><br />\n`,
  (random) =>
    `<pre>You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version near '${random.pick(NOUNS)}' at line ${random.int(1, 9)}</pre>\n`,
  (random) =>
    `<pre>org.postgresql.util.PSQLException: ERROR: column "${random.pick(NOUNS)}" does not exist</pre>\n`,
];

function jsonAnswer(random, size) {
  const items = [];
  for (let length = 0; length < size; length += 120) {
    items.push({
      id: random.int(1, 1e6),
      [fieldName(random)]: fieldValue(random),
      text: sentence(random),
    });
  }
  return bytes(JSON.stringify({ total: items.length, items }));
}

const KINDS = [
  [
    45,
    (random) => ({
      uri: path(random) + (random.chance(0.5) ? `?${queryString(random, random.int(1, 4))}` : ''),
      headers: browserHeaders(random),
      response: response(
        200,
        'text/html; charset=utf-8',
        htmlPage(random, random.size(2048, 20480)),
        [
          ['Set-Cookie', `session=${random.token(32)}; Path=/; HttpOnly; SameSite=Lax`],
          ['Cache-Control', 'private, max-age=0'],
        ],
      ),
    }),
  ],
  [
    25,
    (random) => ({
      uri: `/api${path(random)}?${queryString(random, random.int(1, 5))}`,
      headers: browserHeaders(random, 'fetch'),
      response: response(200, 'application/json', jsonAnswer(random, random.size(2048, 20480))),
    }),
  ],
  [
    15,
    (random) => ({
      uri: `/media/${random.hex(12)}.${random.pick(['jpg', 'png', 'webp', 'svg', 'css', 'js'])}`,
      headers: browserHeaders(random, 'image'),
      response: random.chance(0.5)
        ? response(304, 'image/webp', '')
        : response(200, 'image/webp', random.token(random.int(500, 4000))),
    }),
  ],
  [
    10,
    (random) => ({
      method: 'POST',
      uri: path(random),
      headers: browserHeaders(random),
      type: 'application/x-www-form-urlencoded',
      body: `token=${random.token(32)}&name=${encodeURIComponent(person(random))}&mail=${encodeURIComponent(email(random))}&${queryString(random, random.int(2, 10))}`,
      response: response(303, 'text/html', '', [['Location', path(random)]]),
    }),
  ],
  [
    5,
    (random) => ({
      uri: path(random, '.html'),
      headers: [...browserHeaders(random), ['X-Trace', cookieHeader(random).slice(0, 20)]],
      response: response(404, 'text/html; charset=utf-8', htmlPage(random, 2048)),
    }),
  ],
  [
    1,
    (random) => ({
      uri: path(random),
      headers: browserHeaders(random),
      response: response(
        500,
        'text/html; charset=utf-8',
        htmlPage(random, 2048, random.pick(ERRORS)(random)),
      ),
    }),
  ],
];

export function create(random, index) {
  return request(random, `browse-${index}`, random.weighted(KINDS)(random));
}
