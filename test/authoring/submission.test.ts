import { describe, expect, it } from 'vitest';
import { checkSubmission } from '../../src/authoring/submission.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { createLocator } from '../../src/diagnostics/position.ts';
import {
  ACCEPTED,
  IDS_AND_EVIDENCE,
  MACROS_AND_PATTERNS,
  NAMES,
  PHASES,
  REACH,
  SHAPE,
  type Submitted,
} from './submission.data.ts';

function shown(diagnostics: readonly Diagnostic[]): readonly string[] {
  const locator = createLocator();
  return diagnostics.map(({ code, severity, span }) => {
    if (span === undefined) return code;
    const { line, column } = locator.position(span.source, span.start);
    return `${line}:${column} ${code}${severity === 'warning' ? '?' : ''}`;
  });
}

function describeTable(title: string, table: readonly Submitted[]): void {
  describe(title, () => {
    for (const { name, text, findings } of table) {
      it(`are as listed for ${name}`, () => {
        expect(shown(checkSubmission({ name: 'rule.conf', text }))).toEqual(findings);
      });
    }
  });
}

describeTable('findings of checkSubmission on rules that can be submitted', ACCEPTED);
describeTable('findings of checkSubmission on the shape of a text', SHAPE);
describeTable('findings of checkSubmission on ids and evidence', IDS_AND_EVIDENCE);
describeTable('findings of checkSubmission on names and values', NAMES);
describeTable('findings of checkSubmission on phases', PHASES);
describeTable('findings of checkSubmission on macros and patterns', MACROS_AND_PATTERNS);
describeTable('findings of checkSubmission on what reaches beyond the rule', REACH);
