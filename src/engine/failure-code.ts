// The name of the outcome when an operator fails: what policies and logs know it by.

import { MatchLimitError } from '../model/operator.ts';
import { OutsideError } from '../model/outside.ts';

export function failureCode(error: unknown): string {
  if (error instanceof OutsideError) return error.code;
  return error instanceof MatchLimitError ? 'match-limit' : 'operator-failed';
}
