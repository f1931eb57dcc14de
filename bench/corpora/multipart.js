// Uploads: some fields and one to four files of 1 to 64 KB, text and binary.

import { browserHeaders, bytes, path, request } from './http.js';
import { fieldName, fieldValue, NOUNS, prose } from './words.js';

export const COUNT = 300;

const FILES = [
  ['jpg', 'image/jpeg', (random, size) => binary(random, '\xff\xd8\xff\xe0', size)],
  ['png', 'image/png', (random, size) => binary(random, '\x89PNG\r\n\x1a\n', size)],
  ['pdf', 'application/pdf', (random, size) => binary(random, '%PDF-1.7\n', size)],
  ['txt', 'text/plain', (random, size) => prose(random, size)],
  ['csv', 'text/csv', (random, size) => rows(random, size)],
];

function binary(random, magic, size) {
  let out = magic;
  while (out.length < size) out += String.fromCharCode(random.int(0, 255));
  return out;
}

function rows(random, size) {
  let out = '';
  while (out.length < size) {
    out += `${random.int(1, 1e5)};${random.pick(NOUNS)};${random.pick(NOUNS)}\r\n`;
  }
  return out;
}

function field(boundary, name, value) {
  return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function file(boundary, random, index) {
  const [ending, type, content] = random.pick(FILES);
  const name = `${random.pick(NOUNS)}-${random.int(1, 9999)}.${ending}`;
  return (
    `--${boundary}\r\nContent-Disposition: form-data; name="file${index}"; filename="${name}"\r\n` +
    `Content-Type: ${type}\r\n\r\n${content(random, random.size(1024, 65536))}\r\n`
  );
}

export function create(random, index) {
  const boundary = `----WebKitFormBoundary${random.token(16)}`;
  const fields = Array.from({ length: random.int(2, 12) }, () =>
    field(boundary, fieldName(random), bytes(fieldValue(random))),
  );
  const files = Array.from({ length: random.int(1, 4) }, (_, at) => file(boundary, random, at));
  return request(random, `upload-${index}`, {
    method: 'POST',
    uri: path(random),
    headers: browserHeaders(random),
    type: `multipart/form-data; boundary=${boundary}`,
    body: `${fields.join('')}${files.join('')}--${boundary}--\r\n`,
  });
}
