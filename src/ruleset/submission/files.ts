// Data files that a rule reads: they are no part of the submission.

import { asciiLower } from '../../base/ascii.ts';
import { actionsOf, type SignatureCheck } from './signature.ts';

const READERS: ReadonlySet<string> = new Set([
  'fuzzyhash',
  'inspectfile',
  'ipmatchf',
  'ipmatchfromfile',
  'pmf',
  'pmfromfile',
  'validatedtd',
  'validateschema',
]);

export const checkFiles: SignatureCheck = ({ links }, { report }) => {
  for (const link of links) {
    const { operator } = link;
    if (READERS.has(asciiLower(operator.name))) {
      report.warning({
        code: 'needs-file',
        message: `@${operator.name} reads a file, which is no part of the submission`,
        span: operator.argumentSpan,
        help: 'write the entries into the rule (@pm, @ipMatch), or see that every machine has the file',
      });
    }
    for (const action of actionsOf(link, 'exec')) {
      // Programs are never run, which the engine says itself.
      if (!/\.lua$/i.test(action.value ?? '')) continue;
      report.warning({
        code: 'needs-file',
        message: '"exec" names a file, which is no part of the submission',
        span: action.valueSpan ?? action.span,
        help: 'leave it out, and react to the event of the signature',
      });
    }
  }
};
