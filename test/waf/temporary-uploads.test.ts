import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestHead } from '../../src/model/exchange.ts';
import type { TransactionView } from '../../src/model/view.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import { temporaryUploads } from '../../src/waf/temporary-uploads.ts';
import { uploadsFromRules } from '../../src/waf/uploads-from-rules.ts';

const part = (field: string, name: string, content: string): string =>
  `--B\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n\r\n${content}\r\n`;
const BODY = `${part('a', '../../evil.sh', 'one\xff\0')}${part('b', 'b', 'two')}--B--\r\n`;
const HEAD: RequestHead = {
  method: 'POST',
  uri: '/',
  version: 'HTTP/1.1',
  headers: [
    ['Host', 'a'],
    ['Content-Type', 'multipart/form-data; boundary=B'],
  ],
};

describe('uploads on disk', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-temporary-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const rules = (more: string): string =>
    `SecRuleEngine On\nSecRequestBodyAccess On\nSecTmpDir ${folder}\n${more}`;
  const read = (names: readonly string[]): readonly string[] =>
    names.map((name) => readFileSync(join(folder, name), 'latin1'));

  it('are there while the request runs, with the bytes that were sent, and gone afterwards', () => {
    const uploads = temporaryUploads();
    let view: TransactionView | undefined;
    const waf = createWaf({
      rules: rules(
        'SecTmpSaveUploadedFiles On\nSecRule FILES_TMPNAMES "@rx ." "id:1,phase:2,pass"',
      ),
      uploads,
      trace: (transaction) => {
        view = transaction;
        return undefined;
      },
    });
    const transaction = waf.transaction();
    transaction.requestHead(HEAD);
    transaction.requestBody(BODY);
    expect(readdirSync(folder)).toEqual([]);
    transaction.endRequest();
    const names = readdirSync(folder).sort();
    expect(read(names)).toEqual(['one\xff\0', 'two']);
    expect(view?.body.files.map(({ path }) => path).sort()).toEqual(
      names.map((name) => join(folder, name)),
    );
    expect(names.every((name) => (statSync(join(folder, name)).mode & 0o777) === 0o600)).toBe(true);
    expect(transaction.finish().matches).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are there for rules that log', () => {
    const waf = createWaf({
      rules: rules(
        `SecTmpSaveUploadedFiles On\nSecRule FILES_TMPNAMES "@beginsWith ${folder}/" "id:1,phase:5,pass"`,
      ),
      uploads: temporaryUploads(),
    });
    const transaction = waf.transaction();
    transaction.requestHead(HEAD);
    transaction.requestBody(BODY);
    transaction.endRequest();
    expect(transaction.finish().matches.map(({ rule }) => rule.id)).toEqual([1]);
  });

  it('have the mode of SecUploadFileMode, and are as many as SecUploadFileLimit', () => {
    const waf = createWaf({
      rules: rules('SecTmpSaveUploadedFiles On\nSecUploadFileMode 0640\nSecUploadFileLimit 1'),
      uploads: temporaryUploads(),
    });
    const transaction = waf.transaction();
    transaction.requestHead(HEAD);
    transaction.requestBody(BODY);
    transaction.endRequest();
    const names = readdirSync(folder);
    expect(read(names)).toEqual(['one\xff\0']);
    expect(statSync(join(folder, names[0] ?? '')).mode & 0o777).toBe(0o640);
    transaction.finish();
  });

  it('are gone although the request was interrupted', () => {
    const waf = createWaf({
      rules: rules(
        'SecTmpSaveUploadedFiles On\nSecRule FILES_TMPNAMES "@rx ." "id:1,phase:2,deny"',
      ),
      uploads: temporaryUploads(),
    });
    const { interruption } = waf.inspect({ ...HEAD, body: BODY }).verdict;
    expect(interruption?.status).toBe(403);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of requests that never finish go when they are closed', () => {
    const uploads = temporaryUploads();
    const waf = createWaf({ rules: rules('SecTmpSaveUploadedFiles On'), uploads });
    const transaction = waf.transaction();
    transaction.requestHead(HEAD);
    transaction.requestBody(BODY);
    transaction.endRequest();
    expect(readdirSync(folder)).toHaveLength(2);
    uploads.close();
    expect(readdirSync(folder)).toEqual([]);
    expect(() => transaction.finish()).not.toThrow();
  });

  it('go while those that are kept stay in the folder of uploads', () => {
    const kept = mkdtempSync(join(folder, 'kept-'));
    const ruleset = loadRuleset(
      rules(`SecUploadKeepFiles On\nSecUploadDir ${kept}\nSecTmpSaveUploadedFiles On`),
    );
    const audit = uploadsFromRules(ruleset);
    createWaf({ rules: ruleset, audit, uploads: temporaryUploads() }).inspect({
      ...HEAD,
      body: BODY,
    });
    expect(readdirSync(folder)).toHaveLength(1);
    expect(readdirSync(kept)).toHaveLength(2);
  });

  it.each([
    ['nobody takes them', 'SecTmpSaveUploadedFiles On', false, 1],
    ['no rule asks for them', '', true, 0],
  ])('are not written where %s', (_why, more, takes, matches) => {
    const waf = createWaf({
      rules: rules(`${more}\nSecRule FILES_TMPNAMES "@rx ." "id:1,phase:2,pass"`),
      ...(takes && { uploads: temporaryUploads() }),
    });
    const transaction = waf.transaction();
    transaction.requestHead(HEAD);
    transaction.requestBody(BODY);
    transaction.endRequest();
    expect(readdirSync(folder)).toEqual([]);
    // Scripts can open them all the same, so they have names.
    expect(transaction.finish().matches).toHaveLength(matches);
  });

  it('that cannot be written are an error, which blocks', () => {
    const waf = createWaf({
      rules: rules('SecTmpSaveUploadedFiles On').replace(folder, join(folder, 'not-there')),
      uploads: temporaryUploads(),
    });
    const { verdict, decision } = waf.inspect({ ...HEAD, body: BODY });
    expect(verdict.errors.map(({ code }) => code)).toEqual(['upload-not-saved']);
    expect(decision.effect).toBe('block');
  });

  it('never take the place of another file', () => {
    const uploads = temporaryUploads();
    const file = { name: 'x', content: '1', directory: folder, mode: 0o600 };
    const paths = Array.from({ length: 20 }, () => uploads.write(file));
    expect(new Set(paths).size).toBe(20);
    for (const path of paths) uploads.remove(path);
    uploads.remove(join(folder, 'nothing'));
    expect(paths.some(existsSync)).toBe(false);
  });

  it('are removed by who wrote them alone', () => {
    const path = temporaryUploads().write({
      name: 'x',
      content: '1',
      directory: folder,
      mode: 0o600,
    });
    temporaryUploads().remove(path);
    expect(existsSync(path)).toBe(true);
  });
});
