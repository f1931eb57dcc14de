// Crafted requests of up to 128 KiB, each made to cost as much as one idea can: what somebody would send to
// keep the engine busy. The ids say which idea.

import { browserHeaders, bytes, request } from './http.js';

const ROOM = 128 * 1024 - 512;
const FORM = 'application/x-www-form-urlencoded';

const fill = (unit, size = ROOM) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
const form = (unit) => ({
  type: FORM,
  body: `a=${fill(encodeURIComponent(unit))}`.replace(/%.?$/, ''),
});
const plain = (unit) => ({ type: FORM, body: `a=${fill(unit)}` });

/** Texts that keep patterns hoping: each is repeated to fill one argument. */
const PUMPS = {
  blanks: ' ',
  returns: '\r',
  newlines: '\n',
  tabs: '\t ',
  letters: 'a',
  digits: '1',
  quotes: "'",
  'quoted-or': "' or ",
  comments: '/*',
  'comment-ends': '*/ /*',
  dashes: '--\n',
  dots: '../',
  'encoded-dots': '..%2f',
  slashes: '/',
  backslashes: '\\',
  brackets: '(',
  'square-brackets': '[[',
  braces: '{{',
  angles: '<',
  tags: '<a ',
  'open-scripts': '<script',
  'on-events': ' onx=',
  'style-urls': 'style=url(',
  equals: '=',
  semicolons: ';',
  pipes: '|a ',
  dollars: '$(',
  'dollar-braces': '${',
  backticks: '`a',
  commas: 'a,',
  words: 'select ',
  'union-all': 'union all ',
  functions: 'char(',
  numbers: '0x41',
  entities: '&#x61;',
  'open-entities': '&#',
  unicode: '%u0061',
  'high-bytes': '\u00e9\u4e2d',
  percent: '%',
  'double-percent': '%2525',
  base64: 'YWFh',
  'hex-escapes': '\\x61',
  'unix-commands': ';cat$' + '{IFS}',
  'shell-quotes': "c''a",
  'php-tags': '<?',
  'php-calls': '$a=',
  'java-names': 'java.',
  'ldap-filters': '(a=*)(',
  'file-urls': 'file://',
  'mail-headers': '\ncc:',
  'nul-bytes': '\0',
  'template-tags': '{%',
  'node-calls': 'require(',
  'regex-like': 'a.*b+',
};

const manyArguments = (count, make) =>
  Array.from({ length: count }, (_, index) => make(index)).join('&');

/** Shapes: many small things, deep things, long heads. */
const SHAPES = {
  'arguments-999': () => ({
    type: FORM,
    body: manyArguments(999, (index) => `a${index}=${'x'.repeat(100)}`),
  }),
  'same-name-999': () => ({
    type: FORM,
    body: manyArguments(999, () => `a=${'select 1 '.repeat(10)}`),
  }),
  'empty-arguments': () => ({ type: FORM, body: '&'.repeat(ROOM) }),
  'long-names': () => ({
    type: FORM,
    body: manyArguments(60, (index) => `${'n'.repeat(2000)}${index}=1`),
  }),
  'attack-in-each': () => ({
    type: FORM,
    body: manyArguments(
      900,
      (index) => `a${index}=1%27+or+${index}%3D${index}--+%3Cscript%3Ealert(1)%3C/script%3E`,
    ),
  }),
  'json-deep': () => ({
    type: 'application/json',
    body: `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`,
  }),
  'json-array': () => ({ type: 'application/json', body: `[${fill('"abc def",', 8900)}1]` }),
  'json-long-string': () => ({
    type: 'application/json',
    body: `{"a":"${fill('\\u0020x')}"}`.replace(/\\u?0{0,2}2?0?"}$/, '"}'),
  }),
  'json-long-keys': () => ({
    type: 'application/json',
    body: `{${Array.from({ length: 200 }, (_, index) => `"${'k'.repeat(600)}${index}":1`).join(',')}}`,
  }),
  'xml-deep': () => ({ type: 'text/xml', body: `${'<a>'.repeat(200)}x${'</a>'.repeat(200)}` }),
  'xml-wide': () => ({ type: 'text/xml', body: `<a>${fill('<b c="d">e</b>', 120_008)}</a>` }),
  'xml-text': () => ({ type: 'text/xml', body: `<a>${fill('select 1 or ')}</a>` }),
  'multipart-parts': () => {
    const part = (index) =>
      `--b\r\nContent-Disposition: form-data; name="n${index}"\r\n\r\n${'v '.repeat(40)}\r\n`;
    return {
      type: 'multipart/form-data; boundary=b',
      body: `${Array.from({ length: 800 }, (_, index) => part(index)).join('')}--b--\r\n`,
    };
  },
  'multipart-file': () => ({
    type: 'multipart/form-data; boundary=b',
    body: `--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n${fill('\r\n--a')}\r\n--b--\r\n`,
  }),
  'long-query': () => ({ uri: `/?q=${fill('%27or%201%3d1%20', 30_000)}` }),
  'long-path': () => ({ uri: fill('/a/../b', 30_000) }),
  'long-agent': () => ({ headers: [['User-Agent', fill('Mozilla/5.0 (', 30_000)]] }),
  'long-referer': () => ({ headers: [['Referer', fill('http://a/?b=c&', 30_000)]] }),
  cookies: () => ({
    headers: [
      [
        'Cookie',
        Array.from({ length: 990 }, (_, index) => `c${index}=${'v'.repeat(20)}`).join('; '),
      ],
    ],
  }),
  'many-headers': () => ({
    headers: Array.from({ length: 200 }, (_, index) => [`X-Header-${index}`, fill('value, ', 200)]),
  }),
  'response-page': () => ({
    response: {
      status: 200,
      headers: [['Content-Type', 'text/html']],
      body_b64: Buffer.from(
        fill('<a href="/x?y=1">SQL syntax; Warning: </a> at line 1\n'),
      ).toString('base64'),
    },
  }),
};

export function createAll(random) {
  const make = (id, { uri = '/worst', headers = [], type, body, response }) =>
    request(random, `worst-${id}`, {
      method: body === undefined ? 'GET' : 'POST',
      uri,
      headers: [
        ...browserHeaders(random).filter(([name]) => !headers.some(([own]) => own === name)),
        ...headers,
      ],
      type,
      body,
      response,
    });
  return [
    ...Object.entries(PUMPS).flatMap(([name, unit]) => [
      make(`encoded-${name}`, form(unit)),
      ...(/[%&+]/.test(unit) ? [] : [make(`plain-${name}`, plain(bytes(unit)))]),
    ]),
    ...Object.entries(SHAPES).map(([name, shape]) => make(name, shape())),
  ];
}
