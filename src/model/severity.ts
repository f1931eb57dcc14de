// Syslog severities as SecLang spells them; 0 is the gravest.

import type { Behaviour } from './compatibility.ts';

export type Severity = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const SEVERITY_NAMES: readonly string[] = Object.freeze([
  'EMERGENCY',
  'ALERT',
  'CRITICAL',
  'ERROR',
  'WARNING',
  'NOTICE',
  'INFO',
  'DEBUG',
]);

/** HIGHEST_SEVERITY before any rule has matched. */
export const NO_SEVERITY = 255;

/** RULE:severity; empty without one. */
export function severityText(
  severity: Severity | undefined,
  { ruleSeverity }: Pick<Behaviour, 'ruleSeverity'>,
): string {
  if (severity === undefined) return '';
  return ruleSeverity === 'name' ? SEVERITY_NAMES[severity]!.toLowerCase() : String(severity);
}
