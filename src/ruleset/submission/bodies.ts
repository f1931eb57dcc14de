// Whether the bodies that a rule looks at are read at all by the rules it is to join.

import type { Settings } from '../../model/settings.ts';
import { EARLY } from './phases.ts';
import { actionsOf, type SignatureCheck, targetsOf } from './signature.ts';

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
  const { phase } = signature;
  if (loaded === undefined || phase === undefined) return;
  const unread = BODIES.filter(({ isRead }) => !isRead(loaded.settings));
  for (const link of signature.links) {
    // A rule that switches on what it needs knows what it does.
    if (actionsOf(link, 'ctl').some(({ value }) => /bodyaccess/i.test(value ?? ''))) return;
    for (const { target, variable } of targetsOf(link, context)) {
      if (EARLY[variable.name] !== undefined) continue;
      const body = unread.find((each) => each.phase === variable.phase);
      if (body === undefined || variable.phase > phase) continue;
      report.warning({
        code: 'body-not-read',
        message: `${variable.name} stays empty: the loaded rules do not have ${body.directive} On`,
        span: target.nameSpan,
        help: `switch on ${body.directive} where the rules are loaded`,
      });
    }
  }
};
