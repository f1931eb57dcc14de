import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexLine } from '../../src/audit/index-line.ts';
import { type ConcurrentOptions, concurrentWriter } from '../../src/audit/writer-concurrent.ts';
import { httpsWriter } from '../../src/audit/writer-https.ts';
import { serialWriter } from '../../src/audit/writer-serial.ts';
import { aRecord } from './support/record.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-audit-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const read = (name: string): string => readFileSync(join(folder, name), 'latin1');

describe('serialWriter', () => {
  it('appends bytes as they are, also to what is there', async () => {
    const path = join(folder, 'audit.log');
    for (const entry of ['one\xff\n', 'two\n']) {
      const writer = serialWriter(path, 0o640);
      writer.write(entry, aRecord());
      await writer.close();
    }
    expect(read('audit.log')).toBe('one\xff\ntwo\n');
  });

  it('creates the file with the mode of SecAuditLogFileMode', async () => {
    const writer = serialWriter(join(folder, 'audit.log'), 0o600);
    expect(statSync(join(folder, 'audit.log')).mode & 0o777).toBe(0o600);
    await writer.close();
  });

  it('goes on in a new file after a rotation', async () => {
    const path = join(folder, 'audit.log');
    const writer = serialWriter(path, 0o640);
    writer.write('one\n', aRecord());
    renameSync(path, `${path}.1`);
    writer.write('two\n', aRecord());
    writer.reopen();
    writer.write('three\n', aRecord());
    await writer.close();
    expect(read('audit.log.1')).toBe('one\ntwo\n');
    expect(read('audit.log')).toBe('three\n');
  });

  it('keeps entries whole when several writers share the file', async () => {
    const path = join(folder, 'audit.log');
    const writers = Array.from({ length: 4 }, () => serialWriter(path, 0o640));
    for (let round = 0; round < 50; round++) {
      writers.forEach((writer, at) => {
        writer.write(`<${String(at).repeat(2000)}>\n`, aRecord());
      });
    }
    for (const writer of writers) await writer.close();
    const lines = read('audit.log').trimEnd().split('\n');
    expect(lines).toHaveLength(200);
    expect(lines.every((line) => /^<(\d)\1{1999}>$/.test(line))).toBe(true);
  });
});

describe('concurrentWriter', () => {
  const make = (fields: Partial<ConcurrentOptions> = {}) =>
    concurrentWriter({
      storageDir: join(folder, 'data'),
      indexes: [join(folder, 'index')],
      dirMode: 0o700,
      fileMode: 0o600,
      form: 'v2',
      utcOffset: 0,
      ...fields,
    });
  const PATH = '/20240312/20240312-1000/20240312-100000-YaBcDeFgHiJkLmNoPqRsTuVw';

  it('writes a file by day, minute and second, and a line in the index', async () => {
    const writer = make();
    writer.write('entry\xff', aRecord());
    await writer.close();
    expect(readFileSync(join(folder, 'data', PATH), 'latin1')).toBe('entry\xff');
    expect(statSync(join(folder, 'data', PATH)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data/20240312/20240312-1000')).mode & 0o777).toBe(0o700);
    const digest = createHash('md5').update(Buffer.from('entry\xff', 'latin1')).digest('hex');
    expect(read('index')).toBe(
      `shop.test 192.0.2.1 - - [12/Mar/2024:10:00:00 +0000] "POST /cart?x=1 HTTP/1.1" 403 7 ` +
        `"-" "-" YaBcDeFgHiJkLmNoPqRsTuVw "-" ${PATH} 0 6 md5:${digest}\n`,
    );
  });

  it('keeps both entries when an id comes twice in a second', async () => {
    const writer = make();
    writer.write('one', aRecord());
    writer.write('two', aRecord());
    await writer.close();
    expect(readFileSync(join(folder, 'data', PATH), 'latin1')).toBe('one');
    expect(readFileSync(join(folder, 'data', `${PATH}.1`), 'latin1')).toBe('two');
    expect(read('index').trimEnd().split('\n')).toHaveLength(2);
  });

  it('stays in its directory whatever the id', async () => {
    const writer = make();
    writer.write('x', aRecord({ id: '../../../../escaped' }));
    writer.write('x', aRecord({ id: '/etc/passwd' }));
    writer.write('x', aRecord({ id: '' }));
    await writer.close();
    expect(existsSync(join(folder, 'escaped'))).toBe(false);
    expect(readdirSync(join(folder, 'data/20240312/20240312-1000')).sort()).toEqual([
      '20240312-100000-_',
      '20240312-100000-____________escaped',
      '20240312-100000-_etc_passwd',
    ]);
  });

  it('writes to both indexes and opens them anew after a rotation', async () => {
    const index = join(folder, 'index');
    const writer = make({ indexes: [index, join(folder, 'second')] });
    writer.write('one', aRecord({ id: 'a' }));
    renameSync(index, `${index}.1`);
    writer.reopen();
    writer.write('two', aRecord({ id: 'b' }));
    await writer.close();
    expect(read('index.1').split('\n')).toHaveLength(2);
    expect(read('index').split('\n')).toHaveLength(2);
    expect(read('second').split('\n')).toHaveLength(3);
  });

  it('needs no index', async () => {
    const writer = make({ indexes: [] });
    writer.write('entry', aRecord());
    await writer.close();
    expect(existsSync(join(folder, 'data', PATH))).toBe(true);
  });
});

describe('indexLine', () => {
  it('is one line of printable ASCII, with masks applied', () => {
    const record = aRecord({
      hostname: 'a b\n',
      masks: { args: ['x'], requestHeaders: [], responseHeaders: [], matched: [] },
      request: {
        line: 'GET /?x=secret" HTTP/1.1\r\nforged',
        headers: [
          ['Referer', 'http://r.test/"'],
          ['User-Agent', 'é'.repeat(600)],
        ],
        args: [{ key: 'x', value: 'secret"' }],
      },
    });
    const line = indexLine(record, { path: '/p', bytes: 1, digest: 'd' }, 'v3', 0);
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect(line).not.toContain('secret');
    expect(line).toMatch(/^a\\x20b\\x0a 192\.0\.2\.1 - \[12\/Mar\/2024:10:00:00 \+0000\] "GET /);
  });
});

describe('httpsWriter', () => {
  let server: Server;
  let bodies: string[];
  let answer: (body: string) => number;
  let url: string;

  beforeEach(async () => {
    bodies = [];
    answer = () => 200;
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('latin1');
        bodies.push(`${request.method} ${request.headers['content-type']} ${body}`);
        response.statusCode = answer(body);
        response.end('thanks');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('posts entries in order, and all of them before it closes', async () => {
    const writer = httpsWriter({ url, contentType: 'application/json' });
    for (const entry of ['1', '2\xff', '3']) writer.write(entry, aRecord());
    await writer.close();
    expect(bodies).toEqual([
      'POST application/json 1',
      'POST application/json 2\xff',
      'POST application/json 3',
    ]);
    expect(writer.posted).toBe(3);
  });

  it('counts what the server refuses and goes on', async () => {
    const told: unknown[] = [];
    answer = (body) => (body === 'bad' ? 503 : 204);
    const writer = httpsWriter({ url, contentType: 'a/b', onError: (error) => told.push(error) });
    writer.write('bad', aRecord());
    writer.write('good', aRecord());
    await writer.close();
    expect([writer.posted, writer.lost, told.length]).toEqual([1, 1, 1]);
  });

  it('counts what it cannot deliver at all', async () => {
    const writer = httpsWriter({ url: 'http://127.0.0.1:1/', contentType: 'a/b' });
    writer.write('x', aRecord());
    await writer.close();
    expect(writer.lost).toBe(1);
  });

  it('refuses entries that its queue has no room for', async () => {
    const writer = httpsWriter({ url, contentType: 'a/b', maxEntries: 1, maxBytes: 10 });
    writer.write('first', aRecord());
    writer.write('second', aRecord());
    expect(() => writer.write('third', aRecord())).toThrow();
    await writer.close();
    expect(() => writer.write('longer than ten', aRecord())).toThrow();
    expect(bodies).toHaveLength(2);
  });

  it('takes no other kind of address', () => {
    expect(() => httpsWriter({ url: 'ftp://a.test/', contentType: 'a/b' })).toThrow();
  });
});
