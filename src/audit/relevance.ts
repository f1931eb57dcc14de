// Whether a transaction is written to the audit log.
//
// As in ModSecurity v2 and v3: On writes all; RelevantOnly writes what a rule with `auditlog` matched, and
// what was answered with a status that SecAuditLogRelevantStatus finds. Coraza also filters the former by
// status, which hides attacks that got through.

import type { TransactionOutline } from '../model/transaction-record.ts';
import { compilePattern } from '../regex/matcher.ts';
import type { Pcre2 } from '../regex/pcre2.ts';

export type IsRelevant = (outline: TransactionOutline) => boolean;

/** `statusPattern` is SecAuditLogRelevantStatus; without one no status is relevant. */
export function relevance(statusPattern: string | undefined, pcre2?: () => Pcre2): IsRelevant {
  const pattern =
    statusPattern === undefined
      ? undefined
      : compilePattern(statusPattern, pcre2 === undefined ? {} : { pcre2 });
  return ({ auditEngine, engine, matches, status }) => {
    if (auditEngine === 'Off' || engine === 'Off') return false;
    if (auditEngine === 'On') return true;
    return matches.some(({ audited }) => audited) || pattern?.test(String(status)) === true;
  };
}
