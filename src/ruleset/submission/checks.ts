// Everything that is asked of a signature beyond what the engine asks of a rule.

import { checkBodies } from './bodies.ts';
import { checkCaptures } from './captures.ts';
import { checkEvidence } from './evidence.ts';
import { checkFiles } from './files.ts';
import { checkId } from './ids.ts';
import { checkLateActions } from './late.ts';
import { checkNever } from './never.ts';
import { checkOverridden } from './overridden.ts';
import { checkUnknownPatterns } from './patterns.ts';
import { checkMacroPhases, checkPhaseIsGiven, checkTargetPhases } from './phases.ts';
import { checkReach, checkSkips } from './reach.ts';
import type { SignatureCheck } from './signature.ts';
import { checkTriviality } from './trivial.ts';

export const SIGNATURE_CHECKS: readonly SignatureCheck[] = Object.freeze([
  checkId,
  checkEvidence,
  checkPhaseIsGiven,
  checkTargetPhases,
  checkMacroPhases,
  checkBodies,
  checkCaptures,
  checkLateActions,
  checkReach,
  checkSkips,
  checkTriviality,
  checkNever,
  checkOverridden,
  checkUnknownPatterns,
  checkFiles,
]);
