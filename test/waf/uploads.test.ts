import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWaf } from '../../src/waf/create-waf.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import { uploadsFromRules } from '../../src/waf/uploads-from-rules.ts';

const part = (name: string, content: string): string =>
  `--B\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\n${content}\r\n`;

describe('kept uploads', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-uploads-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function send(rules: string, id = 'id1', errors: unknown[] = []): readonly string[] {
    const ruleset = loadRuleset(`SecRuleEngine On\nSecRequestBodyAccess On\n${rules}\n`);
    const audit = uploadsFromRules(ruleset, { onError: (error) => errors.push(error) });
    createWaf({ rules: ruleset, audit }).inspect({
      id,
      method: 'POST',
      uri: '/',
      headers: [
        ['Host', 'a'],
        ['Content-Type', 'multipart/form-data; boundary=B'],
      ],
      body: `${part('../../etc/passwd', 'one\xff')}${part('b', 'two')}--B--\r\n`,
      timeMs: Date.UTC(2026, 10, 21, 10),
    });
    return readdirSync(folder).sort();
  }
  const kept = (): string => `SecUploadDir ${folder}\n`;

  it('have names of our own and the bytes of the upload', () => {
    const names = send(`${kept()}SecUploadKeepFiles On`);
    expect(names.map((name) => name.replace(/^\d{8}-\d{6}/, 'TIME'))).toEqual([
      'TIME-id1-file-1',
      'TIME-id1-file-2',
    ]);
    expect(names.map((name) => readFileSync(join(folder, name), 'latin1'))).toEqual([
      'one\xff',
      'two',
    ]);
  });

  it('never take the place of another file, and ids never become paths', () => {
    const first = send(`${kept()}SecUploadKeepFiles On`, '../x');
    expect(first).toHaveLength(2);
    expect(send(`${kept()}SecUploadKeepFiles On`, '../x')).toHaveLength(4);
  });

  it('are those of relevant transactions only, where that is asked', () => {
    const rules = `${kept()}SecUploadKeepFiles RelevantOnly\nSecAuditLogRelevantStatus ^5`;
    expect(send(rules)).toEqual([]);
    const rule = 'SecRule FILES "@contains passwd" "id:1,phase:2,pass,auditlog"';
    expect(send(`${rules}\n${rule}`)).toHaveLength(2);
  });

  it('are none without SecUploadKeepFiles', () => {
    expect(send(kept())).toEqual([]);
  });

  it('that cannot be written are told, and the request is judged all the same', () => {
    const errors: unknown[] = [];
    writeFileSync(join(folder, 'file'), '');
    send(`SecUploadDir ${folder}/file\nSecUploadKeepFiles On`, 'id1', errors);
    expect(errors).toHaveLength(1);
  });
});
