// The uploads that a rule set asks to keep: SecUploadKeepFiles with SecUploadDir.
//
// As with the audit log, a library writes no files because a rule text says so: who wants them passes
// `audit: uploadsFromRules(ruleset)`; `portcullis serve` does.

import { relevance } from '../audit/relevance.ts';
import { uploadWriter } from '../audit/writer-uploads.ts';
import type { TransactionListener } from '../model/transaction-record.ts';
import { createPcre2 } from '../regex/pcre2.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { pcre2Bytes } from './files.ts';

export interface UploadOptions {
  /** Told of files that could not be written. */
  readonly onError?: (error: unknown) => void;
}

/** Undefined when the rules keep none, or name no directory. The directory has to be there. */
export function uploadsFromRules(
  { settings }: Pick<Ruleset, 'settings'>,
  { onError }: UploadOptions = {},
): TransactionListener | undefined {
  const { uploadKeepFiles, uploadDir, uploadFileMode, auditLogRelevantStatus } = settings;
  if (uploadKeepFiles === 'Off' || uploadDir === undefined) return undefined;
  return uploadWriter({
    directory: uploadDir,
    fileMode: uploadFileMode,
    isRelevant:
      uploadKeepFiles === 'On'
        ? undefined
        : relevance(auditLogRelevantStatus, () => createPcre2(pcre2Bytes())),
    onError,
  });
}
