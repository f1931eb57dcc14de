// Looks for values of several data types in a whole text.

import type { Finding } from './data-type.ts';
import { Finder } from './finder.ts';
import type { DetectionPlan } from './plan.ts';
import { toFinding } from './resolve.ts';

export interface SensitiveLimits {
  /** Default: 1000. */
  readonly maxFindings?: number;
}

export interface SensitiveFindings {
  /** In order of position; none overlaps another. */
  readonly findings: readonly Finding[];
  /** False when there were more values than `maxFindings`, or so many candidates that the search ended early. */
  readonly complete: boolean;
}

const MAX_FINDINGS = 1000;
/** Candidates looked at for each finding asked for: overlapping ones fall out later. */
const CANDIDATES = 4;

/**
 * The values in a byte string. Linear in it, whatever it holds; `planDetection` prepares the types once.
 */
export function findSensitive(
  text: string,
  plan: DetectionPlan,
  limits: SensitiveLimits = {},
): SensitiveFindings {
  const most = limits.maxFindings ?? MAX_FINDINGS;
  const findings: Finding[] = [];
  const finder = new Finder(
    plan,
    (raw) => {
      if (findings.length <= most) findings.push(toFinding(raw, text, 0));
    },
    (most + 1) * CANDIDATES,
  );
  finder.push(text);
  finder.advance(true);
  const complete = !finder.stoppedEarly && findings.length <= most;
  return { findings: findings.slice(0, most), complete };
}
