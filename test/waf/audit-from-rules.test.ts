import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditLog, createAuditLog } from '../../src/audit/audit-log.ts';
import { jsonEntry } from '../../src/audit/json.ts';
import { jsonEntryV2 } from '../../src/audit/json-v2.ts';
import { nativeEntry } from '../../src/audit/native.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { TransactionRecord } from '../../src/model/transaction-record.ts';
import {
  AuditLogError,
  type AuditOptions,
  auditFromRules,
} from '../../src/waf/audit-from-rules.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { debugLogFromRules } from '../../src/waf/debug-log.ts';
import { errorLogTo } from '../../src/waf/error-log.ts';
import { checkRuleset, loadRuleset } from '../../src/waf/load.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-logs-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(path(name), 'latin1');

const GET: ExchangeRecord = { method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] };

/** Judges exchanges with the audit log that the rules ask for. */
async function run(
  rules: string,
  exchanges: readonly Partial<ExchangeRecord>[],
  options: AuditOptions = {},
): Promise<AuditLog | undefined> {
  const ruleset = loadRuleset(`SecRuleEngine On\nSecRequestBodyAccess On\n${rules}`);
  const audit = auditFromRules(ruleset, options);
  const waf = createWaf({ rules: ruleset, audit });
  for (const exchange of exchanges) waf.inspect({ ...GET, ...exchange });
  await audit?.close();
  return audit;
}

describe('auditFromRules', () => {
  it('is undefined when the rules name no log', async () => {
    expect(await run('SecAuditEngine On', [{}])).toBeUndefined();
  });

  it('writes what is relevant and nothing else', async () => {
    const rules = `SecAuditEngine RelevantOnly
SecAuditLog ${path('log')}
SecAuditLogRelevantStatus "^5"
SecRule ARGS:a "@streq log" "id:1,phase:1,pass"
SecRule ARGS:a "@streq no" "id:2,phase:1,pass,nolog"
SecRule ARGS:a "@streq fail" "id:3,phase:1,deny,status:503,nolog"
SecRule ARGS:a "@streq deny" "id:4,phase:1,deny,noauditlog"`;
    const uris = ['/', '/?a=log', '/?a=no', '/?a=fail', '/?a=deny'];
    const audit = await run(
      rules,
      uris.map((uri) => ({ uri })),
    );
    expect([...read('log').matchAll(/^GET (\S+) /gm)].map((match) => match[1])).toEqual([
      '/?a=log',
      '/?a=fail',
    ]);
    expect(audit?.counters).toEqual({ written: 2, failed: 0 });
  });

  it('lets ctl switch the log and its parts', async () => {
    const rules = `SecAuditEngine Off
SecAuditLog ${path('log')}
SecAuditLogParts ABZ
SecRule ARGS:a "@streq on" "id:1,phase:1,pass,nolog,ctl:auditEngine=On,ctl:auditLogParts=+F"`;
    await run(rules, [{ uri: '/?a=on' }, { uri: '/?a=off' }]);
    expect(
      read('log')
        .match(/^--[0-9a-f]{8}-[A-Z]--$/gm)
        ?.map((line) => line.at(-3)),
    ).toEqual(['A', 'B', 'F', 'Z']);
  });

  it('writes nothing of transactions that no rule saw', async () => {
    await run(`SecAuditEngine On\nSecAuditLog ${path('log')}\nSecRuleEngine Off`, [{}]);
    expect(read('log')).toBe('');
  });

  it.each([
    ['Native', undefined, /^--[0-9a-f]{8}-A--\n/],
    ['Native', 'v3', /^---[0-9A-Za-z]{8}---A--\n/],
    ['JSON', undefined, /^\{"transaction":\{"client_ip":/],
    ['JSON', 'v2', /^\{"transaction":\{"time":/],
    ['JSONLegacy', undefined, /^\{"transaction":\{"time":/],
  ] as const)('writes %s in the form %s', async (format, form, expected) => {
    const rules = `SecAuditEngine On\nSecAuditLog ${path('log')}\nSecAuditLogFormat ${format}`;
    await run(rules, [{}], form === undefined ? {} : { form });
    expect(read('log')).toMatch(expected);
  });

  it('writes a file for each transaction when the type is Concurrent', async () => {
    const rules = `SecAuditEngine On
SecAuditLog ${path('index')}
SecAuditLog2 ${path('index2')}
SecAuditLogType Concurrent
SecAuditLogStorageDir ${path('data')}
SecAuditLogDirMode 0700
SecAuditLogFileMode 0600`;
    await run(rules, [{ id: 'one' }, { id: 'two' }]);
    const files = readdirSync(path('data'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /-(?:one|two)$/.test(name),
    );
    expect(files).toHaveLength(2);
    expect(read('index')).toBe(read('index2'));
    for (const file of files) expect(read('index')).toContain(` /${file} 0 `);
  });

  it('stores beside the index when no directory is named', async () => {
    await run(`SecAuditEngine On\nSecAuditLog ${path('index')}\nSecAuditLogType Parallel`, [{}]);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('keeps masked values out of the file', async () => {
    const rules = `SecAuditEngine On
SecAuditLog ${path('log')}
SecAuditLogParts ABCFHIJKZ
SecAction "id:1,phase:2,pass,nolog,sanitiseArg:password,sanitiseRequestHeader:Authorization"
SecRule ARGS:card "@rx \\d{16}" "id:2,phase:2,pass,capture,logdata:'%{MATCHED_VAR}',sanitiseMatchedBytes:0/4"`;
    await run(rules, [
      {
        method: 'POST',
        uri: '/?password=hunter2',
        headers: [
          ['Authorization', 'Basic c2VjcmV0'],
          ['Content-Type', 'application/x-www-form-urlencoded'],
        ],
        body: 'password=hunter3&card=4111111111111111',
      },
    ]);
    const log = read('log');
    for (const secret of ['hunter2', 'hunter3', 'c2VjcmV0', '4111111111111111']) {
      expect(log).not.toContain(secret);
    }
    expect(log).toContain('card=************1111');
    expect(log).toContain('Sanitised-Args: "password".');
  });

  it('says when the log cannot be opened', async () => {
    const rules = `SecAuditEngine On\nSecAuditLog ${path('missing/log')}`;
    await expect(run(rules, [])).rejects.toThrow(AuditLogError);
    const url = 'SecAuditEngine On\nSecAuditLogType HTTPS\nSecAuditLog not-a-url';
    await expect(run(url, [])).rejects.toThrow(AuditLogError);
  });

  it('is never written by a waf that was not told to', () => {
    const waf = createWaf({
      rules: `SecRuleEngine On\nSecAuditEngine On\nSecAuditLog ${path('log')}\nSecDebugLog ${path('debug')}\nSecDebugLogLevel 9`,
    });
    waf.inspect(GET);
    expect(existsSync(path('log'))).toBe(false);
    expect(existsSync(path('debug'))).toBe(false);
  });
});

describe('entries of any exchange', () => {
  const bytes = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 80,
  });
  const rules = loadRuleset(`SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecResponseBodyAccess On
SecAuditEngine On
SecAuditLogParts ABCDEFGHIJKZ
SecAction "id:1,phase:1,pass,sanitiseArg:a,sanitiseRequestHeader:b,sanitiseResponseHeader:c"
SecRule ARGS|REQUEST_HEADERS|REQUEST_COOKIES|REQUEST_URI "@unconditionalMatch" "id:2,phase:2,pass,sanitiseMatched,msg:'%{MATCHED_VAR}',logdata:'%{MATCHED_VAR_NAME}'"`);
  const entries: readonly ((record: TransactionRecord) => string)[] = [
    (record) => nativeEntry(record, 'v2'),
    (record) => nativeEntry(record, 'v3'),
    (record) => jsonEntry(record),
    (record) => jsonEntryV2(record),
  ];

  it('are written, whatever its bytes', () => {
    const exchange = fc.record({
      id: bytes,
      method: bytes,
      uri: fc.oneof(
        bytes,
        bytes.map((text) => `/?a=${text}`),
      ),
      version: bytes,
      headers: fc.array(fc.tuple(fc.oneof(fc.constantFrom('a', 'b', 'Cookie'), bytes), bytes)),
      body: bytes,
      response: fc.record({
        status: fc.integer({ min: 100, max: 999 }),
        headers: fc.array(fc.tuple(bytes, bytes)),
        body: bytes,
      }),
    });
    fc.assert(
      fc.property(exchange, fc.constantFrom(...entries), (record, render) => {
        const written: string[] = [];
        const audit = createAuditLog({
          isRelevant: () => true,
          render,
          writer: {
            write: (entry) => written.push(entry),
            reopen: () => {},
            close: async () => {},
          },
        });
        createWaf({ rules, audit }).inspect(record);
        expect(audit.counters).toEqual({ written: 1, failed: 0 });
        expect(written[0]).toMatch(/\n$/);
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
    );
  });
});

describe('the directives of logs', () => {
  it.each([
    'SecAuditLogType Sometimes',
    'SecAuditLogFormat XML',
    'SecAuditLogDirMode 999',
    'SecAuditLogFileMode rw',
    'SecAuditLog "|/bin/cat"',
    'SecDebugLogLevel 10',
  ])('refuse %s', (line) => {
    const { diagnostics } = checkRuleset(`SecRuleEngine On\n${line}`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['bad-directive-value']);
  });

  it('are kept as settings', () => {
    const { settings } = loadRuleset(`SecRuleEngine On
SecAuditLogDirMode default
SecAuditLogFileMode 600
SecDebugLog /tmp/d
SecDebugLogLevel 3`);
    expect(settings.auditLog).toMatchObject({ dirMode: 0o750, fileMode: 0o600, path: undefined });
    expect(settings.debugLog).toEqual({ path: '/tmp/d', level: 3 });
  });
});

describe('debugLogFromRules', () => {
  it('writes at the level of the rules and goes on in a new file after a rotation', () => {
    const ruleset = loadRuleset(`SecRuleEngine On
SecDebugLog ${path('debug')}
SecDebugLogLevel 4
SecAction "id:1,phase:1,pass"`);
    const debug = debugLogFromRules(ruleset);
    const waf = createWaf({ rules: ruleset, trace: debug?.trace });
    waf.inspect({ ...GET, id: 'first' });
    renameSync(path('debug'), path('debug.1'));
    debug?.reopen();
    waf.inspect({ ...GET, id: 'second' });
    debug?.close();
    expect(read('debug.1')).toContain('[first] [/] [4] (Rule: 1) Executing unconditional rule...');
    expect(read('debug')).not.toContain('first');
    expect(read('debug')).not.toMatch(/\[[5-9]\] /);
  });

  it('is undefined at level 0 and without a path', () => {
    const level = loadRuleset(`SecRuleEngine On\nSecDebugLog ${path('debug')}`);
    expect(debugLogFromRules(level)).toBeUndefined();
    expect(debugLogFromRules(loadRuleset('SecRuleEngine On\nSecDebugLogLevel 9'))).toBeUndefined();
  });
});

describe('errorLogTo', () => {
  it('has one line for each logged match', () => {
    const log = errorLogTo(path('error'));
    const waf = createWaf({
      rules: `SecRuleEngine On
SecAction "id:1,phase:1,pass,msg:'first'"
SecAction "id:2,phase:1,pass,nolog"
SecAction "id:3,phase:1,pass,log,noauditlog"`,
      audit: log,
    });
    waf.inspect({ ...GET, id: 'me', uri: '/x', headers: [['Host', 'a.test']] });
    log.close();
    const lines = read('error').trimEnd().split('\n');
    expect(lines.map((line) => /\[id "(\d+)"\]/.exec(line)?.[1])).toEqual(['1', '3']);
    expect(lines[0]).toContain('[hostname "a.test"] [uri "/x"] [unique_id "me"]');
  });
});
