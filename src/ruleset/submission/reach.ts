// Actions that reach beyond their own rule: what they switch off, no later rule sees.

import type { ActionNode } from '../../seclang/ast.ts';
import { actionsOf, type SignatureCheck, type SignatureContext, starterOf } from './signature.ts';

function warn(action: ActionNode, message: string, help: string, context: SignatureContext): void {
  context.report.warning({ code: 'disables-other-rules', message, span: action.span, help });
}

const SCOPES: Readonly<Record<string, string>> = Object.freeze({
  '': 'of the whole transaction',
  phase: 'of the phase',
  request: 'of the request',
});

/** What an option of ctl takes away, by its name in lower case. */
const TAKEN_AWAY: Readonly<Record<string, (value: string) => string | undefined>> = Object.freeze({
  ruleengine: (value) =>
    /^on$/i.test(value)
      ? undefined
      : /^off$/i.test(value)
        ? 'no rule behind this one runs'
        : 'no rule behind this one blocks',
  requestbodyaccess: (value) =>
    /^off$/i.test(value) ? 'no rule sees the request body' : undefined,
  responsebodyaccess: (value) =>
    /^off$/i.test(value) ? 'no rule sees the response body' : undefined,
  auditengine: (value) => (/^off$/i.test(value) ? 'the transaction is not audited' : undefined),
  ruleremovebyid: (value) =>
    /^\d+$/.test(value) ? `rule ${value} does not run` : `rules ${value} do not run`,
  ruleremovebytag: (value) => `rules with the tag ${value} do not run`,
  ruleremovebymsg: (value) => `rules with the message ${value} do not run`,
  ruleremovetargetbyid: () => 'other rules look away from a target',
  ruleremovetargetbytag: () => 'other rules look away from a target',
  ruleremovetargetbymsg: () => 'other rules look away from a target',
});

export const checkReach: SignatureCheck = (signature, context) => {
  for (const action of actionsOf(starterOf(signature), 'allow')) {
    const scope = SCOPES[(action.value ?? '').toLowerCase()];
    if (scope === undefined) continue;
    const message = `"allow" ends the inspection ${scope}: the other rules do not see the rest`;
    warn(action, message, 'write pass, and let the signature itself allow the request', context);
  }
  for (const link of signature.links) {
    for (const action of actionsOf(link, 'ctl')) {
      const [option = '', ...rest] = (action.value ?? '').split('=');
      const taken = TAKEN_AWAY[option.trim().toLowerCase()]?.(rest.join('=').trim());
      if (taken === undefined) continue;
      const message = `"ctl:${action.value}" reaches beyond this rule: after a match ${taken}`;
      warn(action, message, 'exclusions belong to the configuration of the rule set', context);
    }
  }
};

/** There is nothing in a signature to skip. In chained rules it is misplaced, but for libmodsecurity. */
export const checkSkips: SignatureCheck = (signature, context) => {
  const { report, markers, behaviour } = context;
  const links =
    behaviour.linkSkipAfter === 'carried-out' ? signature.links : [starterOf(signature)];
  const help = 'leave it out: a signature is one rule, and what stands behind it is not yours';
  for (const link of links) {
    for (const action of actionsOf(link, 'skipafter')) {
      const marker = action.value ?? '';
      if (marker === '') continue;
      const isKnown = markers.has(marker);
      (isKnown ? report.warning : report.error)({
        code: isKnown ? 'skip-in-signature' : 'unknown-marker',
        message: isKnown
          ? '"skipAfter" skips rules that belong to others'
          : `there is no SecMarker "${marker}" to skip to`,
        span: action.span,
        help,
      });
    }
    for (const action of actionsOf(link, 'skip')) {
      report.warning({
        code: 'skip-in-signature',
        message: '"skip" skips rules that belong to others',
        span: action.span,
        help,
      });
    }
  }
};
