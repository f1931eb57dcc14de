// Whether the bodies that a rule looks at are read at all by the rules it is to join.

import type { Settings } from '../../model/settings.ts';
import { actionsOf, type SignatureCheck, variableOf } from './signature.ts';

/** Of which the query string has a part. */
const ALSO_WITHOUT_BODY: ReadonlySet<string> = new Set([
  'ARGS',
  'ARGS_NAMES',
  'ARGS_COMBINED_SIZE',
  'FULL_REQUEST',
  'FULL_REQUEST_LENGTH',
]);

interface Body {
  readonly phase: 2 | 4;
  readonly directive: string;
  readonly isRead: (settings: Settings) => boolean;
}

const BODIES: readonly Body[] = [
  {
    phase: 2,
    directive: 'SecRequestBodyAccess',
    isRead: ({ requestBodyAccess }) => requestBodyAccess,
  },
  {
    phase: 4,
    directive: 'SecResponseBodyAccess',
    isRead: ({ responseBodyAccess }) => responseBodyAccess,
  },
];

export const checkBodies: SignatureCheck = (signature, context) => {
  const { loaded, report } = context;
  if (loaded === undefined) return;
  const unread = BODIES.filter(({ isRead }) => !isRead(loaded.settings));
  for (const link of signature.links) {
    // A rule that switches on what it needs knows what it does.
    if (actionsOf(link, 'ctl').some(({ value }) => /bodyaccess/i.test(value ?? ''))) return;
    for (const target of link.targets) {
      const variable = variableOf(target, context);
      if (variable === undefined || target.exclude || ALSO_WITHOUT_BODY.has(variable.name))
        continue;
      const body = unread.find(({ phase }) => phase === variable.phase);
      if (body === undefined || variable.phase > signature.phase) continue;
      report.warning({
        code: 'body-not-read',
        message: `${variable.name} stays empty: the loaded rules do not have ${body.directive} On`,
        span: target.nameSpan,
        help: `switch on ${body.directive} where the rules are loaded`,
      });
    }
  }
};
