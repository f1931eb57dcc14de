// Actions of which a rule has one, given more than once: the last one counts, and the others say what is not so.

import type { Span } from '../../diagnostics/span.ts';
import { actionsOf, type SignatureCheck } from './signature.ts';

const ANSWERS = ['allow', 'block', 'deny', 'drop', 'pass', 'proxy', 'redirect'] as const;

const ONCE: Readonly<Record<string, readonly string[]>> = Object.freeze({
  'the id of the rule': ['id'],
  'the phase of the rule': ['phase'],
  'what is done to the request': ANSWERS,
});

export const checkOverridden: SignatureCheck = ({ links }, { report }) => {
  for (const link of links) {
    for (const [what, names] of Object.entries(ONCE)) {
      const spans: readonly Span[] = names.flatMap((name) =>
        actionsOf(link, name).map(({ span }) => span),
      );
      const last = Math.max(...spans.map(({ start }) => start));
      for (const span of spans) {
        if (span.start === last) continue;
        report.warning({
          code: 'overridden-action',
          message: `this is overridden: ${what} is said again behind it, and the last one counts`,
          span,
          help: 'leave one of them',
        });
      }
    }
  }
};
