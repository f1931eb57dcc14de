#!/usr/bin/env node
// Fits how the cost of a request grows: with the bytes of its body, 1 KB to 1 MB, and with the number of its
// arguments, 1 to 1,000. Ends with 1 when something grows faster than it may: node bench/linearity.js --help

import { parseArgs } from 'node:util';
import { formBody } from './corpora/form.js';
import { browserHeaders } from './corpora/http.js';
import { createRandom } from './corpora/random.js';
import { prose } from './corpora/words.js';
import { leastUs, loadEngine } from './support/engine.js';
import { requireCrs } from './support/files.js';
import { exponent } from './support/statistics.js';

const HELP = `usage: node bench/linearity.js [--paranoia N] [--max EXPONENT] [--json]

Prints the exponent of cost over size for each shape of request; 1 is linear. Sizes below 32 KB and below 30
arguments are shown but not fitted: there a request costs more than its body. Limits of the engine settings
are lifted, so that all of a body is inspected.
`;

const SETTINGS = `SecRequestBodyLimit 4194304
SecRequestBodyNoFilesLimit 4194304
SecResponseBodyLimit 4194304
SecArgumentsLimit 100000
SecRuleRemoveById 200007
`;

const FORM = 'application/x-www-form-urlencoded';
const KB = Array.from({ length: 11 }, (_, power) => 1024 << power);
const COUNTS = [1, 3, 10, 30, 100, 300, 1000];

const random = createRandom(7);
const headers = browserHeaders(random);
const repeated = (unit, size) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
const post = (type, body) => ({
  method: 'POST',
  uri: '/submit',
  version: 'HTTP/1.1',
  headers: [...headers, ['Content-Type', type], ['Content-Length', String(body.length)]],
  body,
});
const get = (uri, more = []) => ({
  method: 'GET',
  uri,
  version: 'HTTP/1.1',
  headers: [...headers, ...more],
});

/** By bytes. */
const BODIES = {
  'form, prose': (size) =>
    post(FORM, `a=${encodeURIComponent(prose(random, size)).slice(0, size)}`.replace(/%.?$/, '')),
  'form, 100 arguments': (size) => post(FORM, formBody(random, 100, size)),
  'form, letters': (size) => post(FORM, `a=${repeated('a', size)}`),
  'form, blanks': (size) => post(FORM, `a=${repeated('+', size)}`),
  'form, random token': (size) => post(FORM, `a=${random.token(size)}`),
  'form, brackets and quotes': (size) => post(FORM, `a=${repeated("('a')<b ", size)}`),
  'form, SQL': (size) =>
    post(FORM, `a=${repeated("1' or '1'='1' union select a from b-- ", size)}`),
  'JSON, one text': (size) => post('application/json', JSON.stringify({ a: prose(random, size) })),
  'JSON, numbers': (size) => post('application/json', `[${repeated('12345,', size)}1]`),
  'JSON, unknown type': (size) => post('text/plain', JSON.stringify({ a: prose(random, size) })),
  'XML, text': (size) => post('text/xml', `<a>${prose(random, size)}</a>`),
  'multipart, file': (size) =>
    post(
      'multipart/form-data; boundary=b',
      `--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n${prose(random, size)}\r\n--b--\r\n`,
    ),
  'response, HTML': (size) => ({
    ...get('/page'),
    response: {
      status: 200,
      headers: [['Content-Type', 'text/html']],
      body: repeated(`<p class="x">${prose(random, 200)}</p>\n`, size),
    },
  }),
};

/** By number, at 30 bytes each. */
const ARGUMENTS = {
  'query arguments': (count) => get(`/?${formBody(random, count, count * 30)}`),
  'form arguments': (count) => post(FORM, formBody(random, count, count * 30)),
  'JSON members': (count) =>
    post(
      'application/json',
      JSON.stringify(
        Object.fromEntries(
          Array.from({ length: count }, (_, at) => [`key${at}`, random.token(18)]),
        ),
      ),
    ),
  cookies: (count) =>
    get('/', [
      ['Cookie', Array.from({ length: count }, (_, at) => `c${at}=${random.token(22)}`).join('; ')],
    ]),
  headers: (count) =>
    get(
      '/',
      Array.from({ length: count }, (_, at) => [`X-H${at}`, random.token(20)]),
    ),
  'multipart fields': (count) =>
    post(
      'multipart/form-data; boundary=b',
      `${Array.from({ length: count }, (_, at) => `--b\r\nContent-Disposition: form-data; name="n${at}"\r\n\r\n${random.token(30)}\r\n`).join('')}--b--\r\n`,
    ),
};

function measure(waf, make, sizes, fitFrom) {
  const us = sizes.map((size) => {
    const exchange = make(size);
    waf.inspect(exchange);
    return leastUs(waf, exchange, size > 1e5 ? 3 : 8);
  });
  const fitted = sizes.flatMap((size, at) => (size >= fitFrom ? [at] : []));
  return {
    us: Object.fromEntries(sizes.map((size, at) => [size, Math.round(us[at])])),
    exponent: Number(
      exponent(
        fitted.map((at) => sizes[at]),
        fitted.map((at) => us[at]),
      ).toFixed(3),
    ),
  };
}

async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      paranoia: { type: 'string', default: '4' },
      max: { type: 'string', default: '1.15' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stderr.write(HELP);
    return 0;
  }
  const paranoia = Number(values.paranoia);
  const { waf } = await loadEngine({ crs: requireCrs(), paranoia, settings: SETTINGS });
  for (const make of Object.values(BODIES)) leastUs(waf, make(4096), 30);
  const results = {};
  let worst = 0;
  const families = [
    [BODIES, KB, 32 * 1024],
    [ARGUMENTS, COUNTS, 30],
  ];
  for (const [shapes, sizes, fitFrom] of families) {
    for (const [name, make] of Object.entries(shapes)) {
      const result = measure(waf, make, sizes, fitFrom);
      results[name] = result;
      worst = Math.max(worst, result.exponent);
      if (!values.json) {
        const row = Object.entries(result.us).map(([size, us]) => `${size}:${us}`);
        process.stdout.write(
          `${result.exponent.toFixed(2)}  ${name.padEnd(26)} ${row.join(' ')}\n`,
        );
      }
    }
  }
  if (values.json)
    process.stdout.write(`${JSON.stringify({ paranoia, worst, results }, null, 2)}\n`);
  else
    process.stdout.write(
      `the largest exponent is ${worst.toFixed(2)}; microseconds by size above\n`,
    );
  return worst > Number(values.max) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
