// Actions that come too late in their phase to change anything.

import type { ActionNode } from '../../seclang/ast.ts';
import { actionsOf, type SignatureCheck, type SignatureContext, starterOf } from './signature.ts';

const ANSWERS = ['deny', 'drop', 'redirect', 'proxy', 'block'] as const;

/** Options of ctl and the last phase in which they still reach what they change. */
const LAST_PHASES: Readonly<Record<string, 1 | 3>> = Object.freeze({
  forcerequestbodyvariable: 1,
  parsexmlintoargs: 1,
  requestbodyaccess: 1,
  requestbodylimit: 1,
  requestbodyprocessor: 1,
  responsebodyaccess: 3,
  responsebodylimit: 3,
});

function warn(action: ActionNode, message: string, help: string, context: SignatureContext): void {
  context.report.warning({ code: 'acts-too-late', message, span: action.span, help });
}

export const checkLateActions: SignatureCheck = (signature, context) => {
  const { links, phase } = signature;
  if (phase === undefined) return;
  if (phase === 5) {
    for (const name of ANSWERS) {
      for (const action of actionsOf(starterOf(signature), name)) {
        const message = `"${action.name}" does nothing in phase 5: the response has been sent by then`;
        warn(action, message, 'block in phase 4 at the latest', context);
      }
    }
  }
  for (const link of links) {
    for (const action of actionsOf(link, 'ctl')) {
      const option = (action.value ?? '').split('=')[0]?.trim() ?? '';
      const last = LAST_PHASES[option.toLowerCase()];
      if (last === undefined || phase <= last) continue;
      const body = last === 1 ? 'request body' : 'response body';
      const message = `"ctl:${option}" does nothing in phase ${phase}: the ${body} has been read by then`;
      warn(action, message, `write phase:${last}`, context);
    }
  }
};
