// What compiling a pattern gives: the operator's matcher, and what the load report and the prefilter ask.

import type { Matcher } from '../model/operator.ts';
import type { LiteralSet } from './literals.ts';

export interface CompiledPattern extends Matcher {
  readonly source: string;
  /**
   * What every matching subject contains, case-folded, or undefined when nothing is known. Computed
   * anew at each call.
   */
  readonly requiredLiterals: () => LiteralSet | undefined;
  /** One line for the load report: the engine, why, and what it holds at the moment. */
  readonly describe: () => string;
  /** Gives back what was built; it is built again when needed. */
  readonly free: () => void;
}
