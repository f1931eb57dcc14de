// Header fields for the request have to be known before the request goes on to the application.

import type { Injection } from '../document/common.ts';
import type { Criteria } from '../document/criteria.ts';
import type { Reporter } from './reporter.ts';

/** `looksAtResponse`: the rule cannot be judged before there is a response, whatever its criteria are. */
export function checkInjection(
  rule: Criteria & { readonly inject?: Injection | undefined },
  looksAtResponse: boolean,
  reporter: Reporter,
): void {
  const isLate =
    looksAtResponse || (rule.payload?.some(({ part }) => part.startsWith('response.')) ?? false);
  if (!isLate || rule.inject === undefined || rule.inject.request.length === 0) return;
  reporter.error(rule, ['inject', 'request'], {
    code: 'policy-field-without-effect',
    message:
      'the rule waits for the response, and by then the request has gone on without the field',
    help: 'add the field to the response, or ask for the request only',
  });
}
