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

const BYTES = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
const PRINTABLE = BYTES.slice(0x20, 0x7f);

const encoded = (text) =>
  text.replace(
    /[^0-9A-Za-z_.~-]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
/** As many as fit, at most `most`. */
const fitting = (most, make, separator = '', size = ROOM) => {
  let text = make(0);
  for (let index = 1; index < most; index++) {
    const more = separator + make(index);
    if (text.length + more.length > size) break;
    text += more;
  }
  return text;
};
const part = (name, body, more = '') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${body}\r\n`;
const multipart = (parts) => ({
  type: 'multipart/form-data; boundary=b',
  body: `${parts}--b--\r\n`,
});
const page = (text) => ({
  response: {
    status: 200,
    headers: [['Content-Type', 'text/html']],
    body_b64: Buffer.from(text, 'latin1').toString('base64'),
  },
});

/** A value on which rules of all kinds match. */
const ATTACKS =
  `1' or 1=1-- <script>alert(1)</script> ;cat /etc/passwd ../../etc/passwd <?php system($_GET[1]) {{7*7}} $` +
  '{jndi:ldap://a/b} http://1.1.1.1/a?';

/** Texts that response rules look for. */
const LEAKS =
  "SQL syntax error near 'x' at line 1; Warning: mysql_fetch_array() java.lang.NullPointerException\n\tat a.b(c.java:1)\n<b>Warning</b>: include(): in <b>/a.php</b> on line <b>1</b>\n<?php $a = 1; <title>Index of /</title> ORA-00001: x <title>r57 Shell Version 1</title>";

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
  'multipart-parts': () => multipart(fitting(800, (index) => part(`n${index}`, 'v '.repeat(40)))),
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
  'random-bytes': (random) => multipart(part('a', random.text(BYTES, ROOM - 200))),
  'random-text': (random) => ({ type: FORM, body: `a=${encoded(random.text(PRINTABLE, 70_000))}` }),
  // Each of them has kinds of bytes of its own.
  'random-arguments': (random) => ({
    type: FORM,
    body: fitting(999, (index) => `a${index}=${encoded(random.text(PRINTABLE, 60))}`, '&'),
  }),
  'random-names': (random) => ({
    type: FORM,
    body: fitting(999, () => `${encoded(random.text(BYTES, 45))}=1`, '&'),
  }),
  'random-headers': (random) => ({
    headers: Array.from({ length: 1000 }, (_, index) => [
      `X-H${index}`,
      random.text(PRINTABLE, 100),
    ]),
  }),
  'attacks-form': () => ({
    type: FORM,
    body: fitting(999, (index) => `a${index}=${encoded(ATTACKS)}${index}`, '&'),
  }),
  'attacks-names': () => ({
    type: FORM,
    body: fitting(999, (index) => `${encoded(ATTACKS)}${index}=1`, '&'),
  }),
  'attacks-json': () => ({
    type: 'application/json',
    body: `{${fitting(
      999,
      (index) =>
        JSON.stringify([ATTACKS + index, ATTACKS])
          .slice(1, -1)
          .replace('","', '":"'),
      ',',
    )}}`,
  }),
  'attacks-multipart': () =>
    multipart(fitting(999, (index) => part(`a${index}`, ATTACKS + index), '', ROOM - 20)),
  'attacks-cookies': () => ({
    headers: [
      [
        'Cookie',
        fitting(990, (index) => `c${index}=${ATTACKS.replaceAll(';', ' ')}${index}`, '; '),
      ],
    ],
  }),
  'attacks-xml': () => ({
    type: 'text/xml',
    body: `<a>${fitting(9999, (index) => `<b c="${index}' or 1=1-- ;cat /etc/passwd &lt;script>">' union select ${index}</b>`, '', ROOM - 20)}</a>`,
  }),
  'json-long-names': () => {
    // Each of the numbers has a name of 30 KB.
    const depth = 500;
    const open = `{"${"a' or 1=1 ".repeat(6)}":`.repeat(depth);
    return {
      type: 'application/json',
      body: `${open}[${'1,'.repeat(990)}1]${'}'.repeat(depth)}`,
    };
  },
  'xml-empty': () => ({ type: 'text/xml', body: `<a>${'<b/>'.repeat(32_000)}</a>` }),
  'multipart-broken': () => multipart('--b\r\n\r\n'.repeat(18_000)),
  'thousands-of-headers': () => ({
    headers: Array.from({ length: 5000 }, (_, index) => [`X-H${index}`, `a${index}`]),
  }),
  'response-random': (random) => page(random.text(BYTES, 512 * 1024)),
  'response-leaks': () => page(fill(LEAKS, 512 * 1024)),
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
    ...Object.entries(SHAPES).map(([name, shape]) => make(name, shape(random))),
  ];
}
