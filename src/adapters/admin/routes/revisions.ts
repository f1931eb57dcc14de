// Revisions of the policy: listed, shown, compared, and gone back to.

import { z } from 'zod';
import { decodeText } from '../../../policy/edit/text.ts';
import type { Revision } from '../../../waf/policy-book-revisions.ts';
import { AdminError } from '../admin-error.ts';
import { changed, done, refused, revision } from '../answers.ts';
import { defineRoute, ok, type Route } from '../route.ts';
import {
  bookOf,
  CHANGE_REFUSALS,
  type ChangeQuery,
  changeBy,
  changeQuery,
  changeReply,
} from './changes.ts';

const NOT_FOUND = refused(404, 'There is no such revision.');
const number = z.coerce.number().int().min(1).max(999_999_999);

function idOf(text: string | undefined): number {
  if (/^[1-9]\d{0,8}$/.test(text ?? '')) return Number(text);
  throw new AdminError(404, 'unknown-revision', `"${text}" is not the number of a revision`);
}

function summary({ id, time, who, kind, what, message, files }: Revision): object {
  return {
    id,
    time: new Date(time).toISOString(),
    who: who ?? null,
    kind,
    what,
    message: message ?? null,
    files: files.map(({ name }) => name),
  };
}

const list = defineRoute<{ readonly limit: number; readonly before?: number }>({
  id: 'listRevisions',
  method: 'GET',
  path: '/revisions',
  summary: 'The changes of the policy, the newest first.',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    before: number.optional().describe('Revisions with lower numbers only.'),
  }),
  answers: [done('Revisions.', z.array(revision))],
  run: async (context, { query: { limit, before } }) =>
    ok(bookOf(context).revisions(limit, before).map(summary)),
});

const show = defineRoute({
  id: 'showRevision',
  method: 'GET',
  path: '/revisions/{id}',
  summary: 'One revision, with the texts before and after it.',
  answers: [
    done(
      'The revision.',
      z.object({
        id: z.number().int(),
        time: z.string(),
        who: z.string().nullable(),
        kind: z.string(),
        what: z.string(),
        message: z.string().nullable(),
        files: z.array(
          z.object({
            name: z.string(),
            before: z.string().nullable(),
            after: z.string().nullable(),
          }),
        ),
      }),
    ),
    NOT_FOUND,
  ],
  run: async (context, { path }) => {
    const id = idOf(path['id']);
    const [found] = bookOf(context).revisions(1, id + 1);
    if (found?.id !== id) {
      throw new AdminError(404, 'unknown-revision', `there is no revision ${id}`);
    }
    const text = (bytes: string | null): string | null =>
      bytes === null ? null : (decodeText(bytes) ?? bytes);
    const files = found.files.map(({ name, before, after }) => ({
      name,
      before: text(before),
      after: text(after),
    }));
    return ok({ ...summary(found), files });
  },
});

const diff = defineRoute<{ readonly to?: number }>({
  id: 'diffRevision',
  method: 'GET',
  path: '/revisions/{id}/diff',
  summary: 'What has changed since a revision, as a unified diff.',
  query: z.strictObject({ to: number.optional().describe('Default: the documents as they are.') }),
  answers: [
    done('The difference; empty when there is none.', z.object({ diff: z.string() })),
    NOT_FOUND,
  ],
  run: async (context, { path, query }) =>
    ok({ diff: bookOf(context).diff(idOf(path['id']), query.to) }),
});

const rollback = defineRoute<ChangeQuery>({
  id: 'rollback',
  method: 'POST',
  path: '/revisions/{id}/rollback',
  summary: 'Makes the policy what it was after a revision. That is a revision, too.',
  query: changeQuery,
  ifMatch: 'required',
  answers: [done('It is so now.', changed), NOT_FOUND, ...CHANGE_REFUSALS],
  run: async (context, { path, query, version }) => {
    const result = bookOf(context).rollback(idOf(path['id']), changeBy(query, version));
    return changeReply(context, result, query);
  },
});

export const REVISION_ROUTES: readonly Route[] = Object.freeze([list, show, diff, rollback]);
