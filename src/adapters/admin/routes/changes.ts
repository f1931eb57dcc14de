// What routes that change a document share.

import { z } from 'zod';
import type { BookChange, ChangeBy, PolicyBook } from '../../../waf/policy-book.ts';
import type { AdminContext } from '../admin-context.ts';
import { AdminError } from '../admin-error.ts';
import { refused } from '../answers.ts';
import { type AdminReply, etag, type RouteAnswer } from '../route.ts';

export interface ChangeQuery {
  readonly by?: string | undefined;
  readonly message?: string | undefined;
  readonly dryRun?: 'true' | 'false' | undefined;
}

/** Revisions are shown on terminals. */
const plain = (max: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'has control characters');

export const changeQuery: z.ZodObject = z.strictObject({
  by: plain(128).optional().describe('Who makes the change, for the revision.'),
  message: plain(1000).optional().describe('Why, for the revision.'),
  dryRun: z.enum(['true', 'false']).optional().describe('Checks the change and writes nothing.'),
});

export const CHANGE_REFUSALS: readonly RouteAnswer[] = [
  refused(409, 'The name is taken, or stands for more than one rule.'),
  refused(412, 'The document is not the one of If-Match any more.'),
  refused(422, 'The document would have errors, which are listed. Nothing was changed.'),
];

export function bookOf({ book }: AdminContext): PolicyBook {
  if (book !== undefined) return book;
  throw new AdminError(409, 'no-policy', 'the server runs without a policy document', {
    help: 'start it with --policy',
  });
}

export function changeBy(
  { by, message, dryRun }: ChangeQuery,
  version: string | undefined,
): ChangeBy {
  return { who: by ?? 'admin API', message, version, dryRun: dryRun === 'true' };
}

/** Puts the changed policy in force. */
export function changeReply(
  context: AdminContext,
  { revision, summary, rule, diff, version, policy }: BookChange,
  { dryRun }: ChangeQuery,
  status = 200,
): AdminReply {
  let problem: string | null = null;
  if (dryRun !== 'true') {
    try {
      context.putInForce(policy);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
  }
  return {
    status,
    body: {
      revision: revision ?? null,
      summary,
      rule: rule ?? null,
      diff,
      version,
      inForce: dryRun !== 'true' && problem === null,
      problem,
    },
    // A dry run leaves the document at the version that it has.
    headers: dryRun === 'true' ? {} : etag(version),
  };
}
