// Everything that can be said of a policy document before it runs. Errors keep it from being taken as a whole.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ReadPolicy } from '../document/read.ts';
import { checkFacts } from './facts.ts';
import { checkFutile } from './futile.ts';
import { checkPlaces, checkUniqueNames } from './names.ts';
import { checkOverlaps } from './overlaps.ts';
import { createReporter } from './reporter.ts';
import { checkSignatures } from './signatures.ts';
import { checkSourceRules } from './sources.ts';
import { checkTable } from './table.ts';
import { checkThresholdRules } from './thresholds.ts';

/** In the order of the files and of the places in them. `nowMs` tells what has expired. */
export function checkPolicyDocument(read: ReadPolicy, nowMs: number): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const reporter = createReporter(read, found);
  checkUniqueNames(reporter);
  checkPlaces(reporter);
  checkTable(reporter);
  checkSourceRules(reporter);
  checkSignatures(reporter);
  checkThresholdRules(reporter);
  checkFacts(reporter);
  checkOverlaps(reporter, nowMs);
  checkFutile(reporter);
  return inOrder([...read.diagnostics, ...found]);
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ span }) => span?.source))];
  const place = ({ span }: Diagnostic): number => files.indexOf(span?.source);
  return [...diagnostics].sort(
    (a, b) => place(a) - place(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0),
  );
}
