// Sec Rules before they become custom signatures: the answer of `check --profile submit`.

import { z } from 'zod';
import { utf8ByteString } from '../../../base/bytes.ts';
import { jsonReport } from '../../../diagnostics/render-json.ts';
import { done, report } from '../answers.ts';
import { defineRoute, ok, type Route } from '../route.ts';

interface SubmissionBody {
  readonly text: string;
  readonly replaces?: number | undefined;
}

export const SUBMISSION_ROUTES: readonly Route[] = Object.freeze([
  defineRoute<undefined, SubmissionBody>({
    id: 'checkSubmission',
    method: 'POST',
    path: '/submissions/check',
    summary: 'What keeps a Sec Rule from being a custom signature beside the rules in force.',
    body: z.strictObject({
      text: z.string().describe('One SecRule, or one chain.'),
      replaces: z
        .number()
        .int()
        .optional()
        .describe('The id of the loaded rule that it is to replace.'),
    }),
    answers: [done('Findings; it may be submitted when none is an error.', report)],
    run: async ({ checkSubmission }, { body: { text, replaces } }) =>
      ok(jsonReport(checkSubmission(utf8ByteString(text), replaces))),
  }),
]);
