// Runs one of ModSecurity's regression cases, unchanged, and says which of its expectations failed.
//
// Like ModSecurity's own runner it goes through all phases and looks at the logs afterwards. Logs are
// collected in memory; files that rules name below `test-cases/` are looked for in the suite's folders.

import { createAuditLog } from '../../src/audit/audit-log.ts';
import { nativeEntry } from '../../src/audit/native.ts';
import { relevance } from '../../src/audit/relevance.ts';
import { ruleLine } from '../../src/audit/rule-line.ts';
import type { FileAccess } from '../../src/model/files.ts';
import type { Interruption } from '../../src/model/interruption.ts';
import type { TransactionListener } from '../../src/model/transaction-record.ts';
import { createPcre2 } from '../../src/regex/pcre2.ts';
import type { Ruleset } from '../../src/ruleset/ruleset.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { debugTrace } from '../../src/waf/debug-log.ts';
import { nodeFiles, pcre2Bytes } from '../../src/waf/files.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import { openOutside } from '../../src/waf/outside.ts';
import { RulesetError } from '../../src/waf/ruleset-error.ts';
import type { Expectation, RegressionCase } from './modsecurity-cases.ts';
import { sharedPath } from './shared.ts';

export interface Failure {
  readonly expectation: Expectation | 'load';
  readonly wanted: string;
  readonly found: string;
}

const PLACES: readonly (readonly [prefix: string, folder: string])[] = [
  ['test-cases/data/', 'data'],
  ['test-cases/secrules-language-tests/operators/op/', 'unit/operators/op'],
];

function suitePath(path: string): string {
  for (const [prefix, folder] of PLACES) {
    if (path.startsWith(prefix)) {
      return sharedPath('modsecurity', folder, path.slice(prefix.length));
    }
  }
  return path;
}

const disk = nodeFiles();
const FILES: FileAccess = {
  read: (path) => disk.read(suitePath(path)),
  glob: (pattern) => disk.glob(suitePath(pattern)),
  // Beside the including file, as on disk; the cases themselves lie nowhere.
  resolve: (from, path) => {
    const known = suitePath(path);
    return known === path && from.includes('/') ? disk.resolve(from, path) : known;
  },
};

/** What the cases run. */
const PROGRAMS: readonly string[] = ['/bin/echo'];

let pcre2: ReturnType<typeof createPcre2> | undefined;
/** `\A` and `\z` are PCRE's names for the ends. */
function regex(pattern: string): RegExp {
  return new RegExp(pattern.replace(/^\\A/, '^').replace(/\\z$/, '$'), 's');
}

function matches(pattern: string, text: string): boolean {
  return regex(pattern.replace(/^\(\.\*\)|\(\.\*\)$/g, '')).test(text);
}

interface Observed {
  readonly status: number;
  readonly url: string;
  readonly errorLog: string;
  readonly auditLog: string;
  readonly debugLog: string;
}

async function run(example: RegressionCase, ruleset: Ruleset): Promise<Observed> {
  const errorLines: string[] = [];
  const entries: string[] = [];
  const errorLog: TransactionListener = {
    wants: () => true,
    finished: (record) => {
      for (const match of record.matches) {
        if (match.logged) errorLines.push(ruleLine(match, record, { client: true }));
      }
    },
  };
  const auditLog = createAuditLog({
    isRelevant: relevance(
      ruleset.settings.auditLogRelevantStatus,
      () => (pcre2 ??= createPcre2(pcre2Bytes())),
    ),
    render: (record) => nativeEntry(record, 'v3'),
    writer: {
      write: (entry) => entries.push(entry),
      reopen: () => {},
      close: () => Promise.resolve(),
    },
  });
  let debugLog = '';
  const trace = debugTrace(9, { append: (text) => (debugLog += text) });
  const outside = openOutside({ programs: PROGRAMS });
  const waf = createWaf({
    rules: ruleset,
    outside,
    audit: [errorLog, auditLog],
    trace,
    // ModSecurity's runner is started with these.
    environment: { PATH: '/usr/bin:/bin', MODSECURITY: 'ModSecurity 3 regression tests' },
  });
  const transaction = waf.transaction();
  const { client, server, request, response } = example;
  let interruption: Interruption | null;
  transaction.connection({ client, server });
  const { method, uri, version, headers } = request;
  await transaction.requestHead({ method, uri, version, headers });
  transaction.requestBody(request.body);
  interruption = await transaction.endRequest();
  const status = interruption?.status ?? 200;
  await transaction.responseHead({ status, headers: response.headers, version: response.version });
  transaction.responseBody(response.body);
  await transaction.endResponse();
  ({ interruption } = await transaction.finish());
  await outside.close();
  return {
    status: interruption?.status ?? 200,
    url: interruption?.url ?? '',
    errorLog: errorLines.join('\n'),
    auditLog: entries.join('\n'),
    debugLog,
  };
}

/** Files by the path that rules name, in place of what the suite's folders hold. */
export type StandIns = Readonly<Record<string, string>>;

function load(example: RegressionCase, standIns: StandIns): Ruleset | string {
  try {
    return loadRuleset(
      { name: example.file, text: example.rules },
      {
        files: { ...FILES, read: (path) => standIns[path] ?? FILES.read(path) },
        compatibility: 'modsecurity3',
        programs: PROGRAMS,
      },
    );
  } catch (error) {
    if (error instanceof RulesetError) return error.message;
    throw error;
  }
}

/** The first expectation that does not hold, in the order of ModSecurity's runner; undefined: all hold. */
export async function failureOf(
  example: RegressionCase,
  standIns: StandIns = {},
): Promise<Failure | undefined> {
  const { expected } = example;
  const loaded = load(example, standIns);
  if (expected.parser_error !== undefined) {
    // That it fails is the promise; the words are libmodsecurity's parser's.
    if (typeof loaded === 'string') return undefined;
    return { expectation: 'parser_error', wanted: expected.parser_error, found: 'it loads' };
  }
  if (typeof loaded === 'string') return { expectation: 'load', wanted: 'it loads', found: loaded };
  const observed = await run(example, loaded);
  const { http_code, redirect_url, error_log, audit_log, debug_log } = expected;
  if (debug_log !== undefined && !matches(debug_log, observed.debugLog)) {
    return { expectation: 'debug_log', wanted: debug_log, found: observed.debugLog };
  }
  if (http_code !== undefined && Number(http_code) !== observed.status) {
    return { expectation: 'http_code', wanted: http_code, found: String(observed.status) };
  }
  if (redirect_url !== undefined && redirect_url !== observed.url) {
    return { expectation: 'redirect_url', wanted: redirect_url, found: observed.url };
  }
  if (error_log !== undefined && !matches(error_log, observed.errorLog)) {
    return { expectation: 'error_log', wanted: error_log, found: observed.errorLog };
  }
  if (audit_log !== undefined && !matches(audit_log, observed.auditLog)) {
    return { expectation: 'audit_log', wanted: audit_log, found: observed.auditLog };
  }
  return undefined;
}
