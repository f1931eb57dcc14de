// Requests as browsers and programs send them, with everything varied that varies out there.
//
// Names, values, cookies and user agents differ from request to request, so that a cache of strings that have
// been seen before gains no more here than it would in front of a real site.

import { fieldName, fieldValue, NOUNS } from './words.js';

const HOSTS = ['shop.example', 'www.shop.example', 'blog.example', 'app.example', 'm.shop.example'];

/** UTF-8 bytes as a byte string, which is what exchange records hold. */
export const bytes = (text) => Buffer.from(text, 'utf8').toString('latin1');
export const base64 = (byteString) => Buffer.from(byteString, 'latin1').toString('base64');

const version = (random) =>
  `${random.int(88, 142)}.0.${random.int(1000, 9999)}.${random.int(0, 250)}`;

const SYSTEMS = [
  (random) => `Windows NT 10.0; Win64; x64${random.chance(0.2) ? '; WOW64' : ''}`,
  (random) => `Macintosh; Intel Mac OS X 10_${random.int(11, 15)}_${random.int(0, 7)}`,
  (random) => `X11; ${random.pick(['Linux', 'Ubuntu; Linux', 'Fedora; Linux'])} x86_64`,
  (random) =>
    `Linux; Android ${random.int(9, 15)}; ${random.pick(['SM-G', 'Pixel ', 'moto g', 'M2'])}${random.int(10, 9999)}${random.pick(['', 'B', 'F', 'U'])}`,
  (random) => `iPhone; CPU iPhone OS ${random.int(13, 18)}_${random.int(0, 7)} like Mac OS X`,
];

export function userAgent(random) {
  const system = random.pick(SYSTEMS)(random);
  if (system.startsWith('iPhone')) {
    return `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${random.int(13, 18)}.${random.int(0, 6)} Mobile/15E${random.int(100, 400)} Safari/604.1`;
  }
  if (random.chance(0.25) && !system.startsWith('Linux; Android')) {
    const firefox = `${random.int(90, 145)}.0`;
    return `Mozilla/5.0 (${system}; rv:${firefox}) Gecko/20100101 Firefox/${firefox}`;
  }
  const edge = random.chance(0.2) ? ` Edg/${version(random)}` : '';
  return `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version(random)} Safari/537.36${edge}`;
}

function cookie(random) {
  return random.weighted([
    [3, () => `session=${random.token(random.int(20, 40))}`],
    [3, () => `_ga=GA1.2.${random.int(1e8, 2e9)}.${random.int(16e8, 19e8)}`],
    [
      2,
      () =>
        `_ga_${random.token(10).toUpperCase()}=GS1.1.${random.int(16e8, 19e8)}.${random.int(1, 60)}.1.${random.int(16e8, 19e8)}.0.0.0`,
    ],
    [2, () => `cart=${random.hex(24)}`],
    [2, () => `lang=${random.pick(['de', 'en', 'es', 'fi', 'fr', 'it', 'ja', 'pl', 'pt'])}`],
    [2, () => `${fieldName(random)}=${encodeURIComponent(fieldValue(random))}`],
    [
      1,
      () =>
        `consent=${random.int(0, 1)}${random.int(0, 1)}${random.int(0, 1)}.${random.int(16e8, 19e8)}`,
    ],
    [1, () => `pref_${random.pick(NOUNS)}=${random.pick(['light', 'dark', 'compact', 'wide'])}`],
    [1, () => `sid${random.int(1, 999)}=s.${random.token(27)}.${random.token(43)}`],
  ])();
}

export function cookieHeader(random) {
  return Array.from({ length: random.int(1, 7) }, () => cookie(random)).join('; ');
}

/** `name=value&...` with what is not unreserved encoded, blanks as `+` or `%20`. */
export function queryString(random, count) {
  const blank = random.chance(0.5) ? '+' : '%20';
  return Array.from({ length: count }, () => {
    const value = encodeURIComponent(fieldValue(random)).replaceAll('%20', blank);
    return `${encodeURIComponent(fieldName(random))}=${value}`;
  }).join('&');
}

export function path(random, ending = '') {
  const segments = Array.from({ length: random.int(1, 4) }, () =>
    random.weighted([
      [5, () => random.pick(NOUNS)],
      [3, () => `${random.pick(NOUNS)}-${random.pick(NOUNS)}`],
      [2, () => String(random.int(1, 999999))],
      [1, () => random.token(10)],
    ])(),
  );
  return `/${segments.join('/')}${ending}`;
}

const ACCEPT_PAGE =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const LANGUAGES = [
  'en-US,en;q=0.9',
  'de-DE,de;q=0.9,en;q=0.7',
  'fr-FR,fr;q=0.9',
  'es-ES,es;q=0.8',
  'ja,en;q=0.6',
  'pt-BR,pt;q=0.9',
  'pl-PL,pl;q=0.9,en;q=0.5',
];

/** What a browser sends with a request; `kind` is `page`, `image` or `fetch`. */
export function browserHeaders(random, kind = 'page') {
  const host = random.pick(HOSTS);
  const headers = [
    ['Host', host],
    ['User-Agent', userAgent(random)],
    [
      'Accept',
      kind === 'page'
        ? ACCEPT_PAGE
        : kind === 'image'
          ? 'image/avif,image/webp,image/*,*/*;q=0.8'
          : 'application/json, text/plain, */*',
    ],
    ['Accept-Language', random.pick(LANGUAGES)],
    [
      'Accept-Encoding',
      random.pick(['gzip, deflate, br', 'gzip, deflate, br, zstd', 'gzip, deflate']),
    ],
  ];
  if (random.chance(0.7)) headers.push(['Cookie', cookieHeader(random)]);
  if (random.chance(0.6)) {
    const query = random.chance(0.4) ? `?${queryString(random, random.int(1, 3))}` : '';
    headers.push(['Referer', `https://${host}${path(random)}${query}`]);
  }
  if (random.chance(0.7)) {
    headers.push(
      ['Sec-Fetch-Site', random.pick(['same-origin', 'none', 'cross-site'])],
      ['Sec-Fetch-Mode', kind === 'page' ? 'navigate' : 'cors'],
      ['Sec-Fetch-Dest', kind === 'page' ? 'document' : 'empty'],
    );
  }
  if (kind === 'page' && random.chance(0.5)) headers.push(['Upgrade-Insecure-Requests', '1']);
  if (kind !== 'page' && random.chance(0.3)) headers.push(['X-Requested-With', 'XMLHttpRequest']);
  if (random.chance(0.2)) headers.push(['If-None-Match', `"${random.hex(random.int(16, 32))}"`]);
  if (random.chance(0.5)) headers.push(['Connection', 'keep-alive']);
  return headers;
}

/** A record of a request. `body` is a byte string; with one come its type and length. */
export function request(random, id, { method = 'GET', uri, headers, type, body, response }) {
  const all = [...headers];
  if (body !== undefined) all.push(['Content-Type', type], ['Content-Length', String(body.length)]);
  return {
    id,
    method,
    uri,
    version: 'HTTP/1.1',
    headers: all,
    ...(body !== undefined && { body_b64: base64(body) }),
    client: { address: `198.51.100.${random.int(1, 254)}`, port: random.int(1024, 65535) },
    server: { address: '192.0.2.10', port: 443 },
    ...(response !== undefined && { response }),
  };
}

export function response(status, type, body, extra = []) {
  return {
    status,
    headers: [
      ['Server', 'nginx'],
      ['Content-Type', type],
      ['Content-Length', String(body.length)],
      ...extra,
    ],
    ...(body !== '' && { body_b64: base64(body) }),
  };
}
