// Messages need evidence: a rule with msg also has logdata. Each rule of a chain has to have its own.

import { actionsOf, type SignatureCheck } from './signature.ts';

export const checkEvidence: SignatureCheck = ({ links }, { report }) => {
  for (const [at, link] of links.entries()) {
    const msg = actionsOf(link, 'msg').at(-1);
    if (msg === undefined || actionsOf(link, 'logdata').length > 0) continue;
    const elsewhere = links.some((other) => actionsOf(other, 'logdata').length > 0);
    report.error({
      code: 'msg-without-logdata',
      message:
        'this rule has "msg" and no "logdata": it would say that something matched and not what',
      span: msg.nameSpan,
      help:
        at === 0
          ? "add logdata:'Matched %{MATCHED_VAR} in %{MATCHED_VAR_NAME}', or leave msg out"
          : 'give msg and logdata to the rule that starts the chain',
      ...(elsewhere && { notes: ['the logdata of another rule of the chain does not count'] }),
    });
  }
};
