// The audit log that a rule set asks for with its SecAudit... directives.
//
// A library must not write files because a rule text says so: `createWaf` never does this by itself. Who
// wants the log passes `audit: auditFromRules(ruleset)`; `portcullis serve` does.

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { type AuditLog, createAuditLog, type EntryWriter } from '../audit/audit-log.ts';
import type { AuditForm, EntryOptions } from '../audit/entry-options.ts';
import { jsonEntry } from '../audit/json.ts';
import { jsonEntryV2 } from '../audit/json-v2.ts';
import { nativeEntry } from '../audit/native.ts';
import { relevance } from '../audit/relevance.ts';
import { concurrentWriter } from '../audit/writer-concurrent.ts';
import { httpsWriter } from '../audit/writer-https.ts';
import { serialWriter } from '../audit/writer-serial.ts';
import type { Settings } from '../model/settings.ts';
import type { TransactionRecord } from '../model/transaction-record.ts';
import { createPcre2 } from '../regex/pcre2.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { pcre2Bytes } from './files.ts';

export interface AuditOptions {
  /**
   * Layout of entries. Default: v2 for the native format, v3 for JSON - what most tools read; JSONLegacy is
   * always v2.
   */
  readonly form?: AuditForm;
  readonly entries?: Partial<EntryOptions>;
  /** Told of entries that could not be written. */
  readonly onError?: (error: unknown) => void;
}

/** The directives contradict each other, or name a place that cannot be written. */
export class AuditLogError extends Error {
  override readonly name: string = 'AuditLogError';
}

/**
 * Opens the log; undefined when the rules name none. Throws `AuditLogError`.
 *
 * SecAuditEngine may be Off and the log be opened all the same: rules can switch it on by `ctl`.
 */
export function auditFromRules(
  { settings }: Pick<Ruleset, 'settings'>,
  options: AuditOptions = {},
): AuditLog | undefined {
  const { type, path, storageDir } = settings.auditLog;
  if (path === undefined && (type !== 'Concurrent' || storageDir === undefined)) return undefined;
  try {
    return createAuditLog({
      isRelevant: relevance(settings.auditLogRelevantStatus, () => createPcre2(pcre2Bytes())),
      render: renderer(settings, options),
      writer: writerOf(settings, options),
      onError: options.onError,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AuditLogError(`the audit log cannot be opened: ${reason}`, { cause: error });
  }
}

function formOf({ auditLog: { format } }: Settings, { form }: AuditOptions): AuditForm {
  if (format === 'JSONLegacy') return 'v2';
  return form ?? (format === 'Native' ? 'v2' : 'v3');
}

function renderer(
  settings: Settings,
  options: AuditOptions,
): (record: TransactionRecord) => string {
  const form = formOf(settings, options);
  // A name for this machine that does not tell its own.
  const serverId = createHash('sha1').update(hostname()).digest('hex');
  const entries = { serverId, ...options.entries };
  if (settings.auditLog.format === 'Native') return (record) => nativeEntry(record, form, entries);
  return form === 'v2'
    ? (record) => jsonEntryV2(record, entries)
    : (record) => jsonEntry(record, entries);
}

function writerOf(settings: Settings, options: AuditOptions): EntryWriter {
  const { type, path, secondPath, storageDir, dirMode, fileMode, format } = settings.auditLog;
  const paths = [path, secondPath].filter((each) => each !== undefined);
  switch (type) {
    case 'Serial':
      return serialWriter(path ?? '', fileMode);
    case 'Concurrent': {
      const utcOffset = options.entries?.utcOffset;
      return concurrentWriter({
        storageDir: storageDir ?? dirname(path ?? '.'),
        indexes: paths,
        dirMode,
        fileMode,
        form: formOf(settings, options),
        ...(utcOffset !== undefined && { utcOffset }),
      });
    }
    case 'HTTPS':
      return httpsWriter({
        url: path ?? '',
        contentType: format === 'Native' ? 'text/plain' : 'application/json',
        onError: options.onError,
      });
  }
}
