// The logs of `serve`: the audit and debug log that the rules ask for, and --error-log. SIGHUP opens them
// anew, after a rotation has moved the files away.

import { readFileSync } from 'node:fs';
import type { TraceFactory } from '../model/trace.ts';
import type { TransactionListener } from '../model/transaction-record.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { auditFromRules } from '../waf/audit-from-rules.ts';
import { debugLogFromRules } from '../waf/debug-log.ts';
import { errorLogTo } from '../waf/error-log.ts';
import { uploadsFromRules } from '../waf/uploads-from-rules.ts';
import { FailureError, type Output } from './output.ts';

export interface ServeLogs {
  readonly audit: readonly TransactionListener[];
  readonly trace: TraceFactory | undefined;
  /** Waits for what is still on its way. */
  close(): Promise<void>;
}

export interface ServeLogOptions {
  readonly errorLog?: string | undefined;
  /** False: the logs that rules ask for are not written. */
  readonly ruleLogs?: boolean;
}

interface OpenLog {
  reopen(): void;
  close(): void | Promise<void>;
}

/** Whether `openServeLogs` would open any. */
export function writesLogs(
  { settings }: Ruleset,
  { errorLog, ruleLogs = true }: ServeLogOptions,
): boolean {
  if (errorLog !== undefined) return true;
  const { auditLog, debugLog, uploadKeepFiles, uploadDir } = settings;
  const kept = uploadKeepFiles === 'Off' ? undefined : uploadDir;
  const asked = [auditLog.path, auditLog.storageDir, debugLog.path, kept];
  return ruleLogs && asked.some((path) => path !== undefined);
}

/** Opens all of them or throws: a log that was asked for and cannot be written is no small matter. */
export function openServeLogs(
  ruleset: Ruleset,
  { errorLog, ruleLogs = true }: ServeLogOptions,
  output: Output,
): ServeLogs {
  const onError = onceAMinute(output);
  const open = <Log>(what: string, opened: () => Log): Log => {
    try {
      return opened();
    } catch (error) {
      throw new FailureError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const errors =
    errorLog === undefined
      ? undefined
      : open(`cannot open the error log ${errorLog}`, () => errorLogTo(errorLog, onError));
  const audit = ruleLogs
    ? open('SecAuditLog', () =>
        auditFromRules(ruleset, { onError, entries: { producer: `Portcullis/${version()}` } }),
      )
    : undefined;
  const uploads = ruleLogs ? uploadsFromRules(ruleset, { onError }) : undefined;
  const debug = ruleLogs
    ? open('SecDebugLog', () => debugLogFromRules(ruleset, onError))
    : undefined;
  const logs: readonly OpenLog[] = [errors, audit, debug].filter((log) => log !== undefined);
  // Without a log SIGHUP keeps its meaning: the terminal is gone, and so is the server.
  const reopen = (): void => {
    for (const log of logs) log.reopen();
  };
  if (logs.length > 0) process.on('SIGHUP', reopen);
  return {
    audit: [errors, audit, uploads].filter((log) => log !== undefined),
    trace: debug?.trace,
    async close() {
      process.off('SIGHUP', reopen);
      for (const log of logs) await log.close();
    },
  };
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** A full disk fails for every exchange; once a minute is enough to know. */
function onceAMinute({ talk }: Output): (error: unknown) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  let more = 0;
  return (error) => {
    if (Date.now() - toldMs < 60_000) {
      more++;
      return;
    }
    const text = error instanceof Error ? error.message : String(error);
    const again = more === 0 ? '' : ` (and ${more} more times before)`;
    toldMs = Date.now();
    more = 0;
    talk(`portcullis: a log could not be written${again}: ${text}\n`);
  };
}
