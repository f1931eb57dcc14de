// What the schema objects to, as diagnostics at their places.

import type { z } from 'zod';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { problemsOf } from './issue-words.ts';
import type { JsonSchema } from './json-schema.ts';
import type { PolicyTree } from './positions.ts';

export function issueDiagnostics(
  issues: readonly z.core.$ZodIssue[],
  tree: PolicyTree,
  schema: JsonSchema,
): readonly Diagnostic[] {
  return problemsOf(issues, schema, 'the document').map(({ path, isOfKey, ...words }) => ({
    severity: 'error',
    ...words,
    span: isOfKey ? tree.keySpanOf(path) : tree.spanOf(path),
  }));
}
