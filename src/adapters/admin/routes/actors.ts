// Actors: what is known of a user or an address, and blocking and allowing by hand.
//
// Who is meant stands in the body, not in the URL: URLs end up in the logs of whatever is in between.

import { z } from 'zod';
import { parseIp } from '../../../base/ip.ts';
import { duration } from '../../../policy/document/values.ts';
import type { ActorDesk, ActorName, ActorReport } from '../actor-desk.ts';
import type { AdminContext } from '../admin-context.ts';
import { AdminError } from '../admin-error.ts';
import { actorReport, done, refused } from '../answers.ts';
import { defineRoute, ok, type Route } from '../route.ts';

interface WhoBody {
  readonly user?: string | undefined;
  readonly address?: string | undefined;
}

const who = {
  user: z.string().min(1).max(1000).optional().describe('A user id.'),
  address: z
    .string()
    .refine((text) => parseIp(text) !== null, 'is no IP address')
    .optional(),
};

const isOne = ({ user, address }: WhoBody): boolean =>
  (user === undefined) !== (address === undefined);
const ONE = 'needs either "user" or "address"';

function nameOf({ user, address }: WhoBody): ActorName {
  return user === undefined ? { address: address ?? '' } : { user };
}

async function atDesk(
  { actors }: AdminContext,
  ask: (desk: ActorDesk) => Promise<readonly ActorReport[]>,
): Promise<readonly ActorReport[]> {
  const desk = actors();
  if (desk === undefined) {
    throw new AdminError(409, 'no-policy', 'the server runs without a policy', {
      help: 'start it with --policy',
    });
  }
  try {
    return await ask(desk);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new AdminError(503, 'store-unavailable', `the state store did not answer: ${text}`);
  }
}

const ANSWERS = [
  done(
    'The actors that are meant: a user that has proved to be it, and one that only says so, are two.',
    z.array(actorReport),
  ),
  refused(503, 'The state store does not answer.'),
];

const look = defineRoute<undefined, WhoBody>({
  id: 'lookUpActor',
  method: 'POST',
  path: '/actors/look',
  summary: 'What is remembered of a user or an address.',
  body: z.strictObject(who).refine(isOne, ONE),
  answers: ANSWERS,
  run: async (context, { body }) => ok(await atDesk(context, (desk) => desk.look(nameOf(body)))),
});

interface MarkBody extends WhoBody {
  readonly for: number | 'forever';
  readonly reason: string;
  readonly claimed?: boolean | undefined;
}

function markRoute(state: 'blocked' | 'allowed', id: string, summary: string): Route {
  const verb = state === 'blocked' ? 'block' : 'allow';
  return defineRoute<undefined, MarkBody>({
    id,
    method: 'POST',
    path: `/actors/${verb}`,
    summary,
    body: z
      .strictObject({
        ...who,
        for: z.union([z.literal('forever'), duration]),
        reason: z
          .string()
          .max(200)
          .default('hand')
          .describe('Who or what does it: "blocked by ...".'),
        claimed: z
          .boolean()
          .optional()
          .describe(
            'Whether a user that has proved nothing is meant as well. Default: when blocking, yes; when allowing, no.',
          ),
      })
      .refine(isOne, ONE) as unknown as z.ZodType<MarkBody>,
    answers: ANSWERS,
    run: async (context, { body }) => {
      const untilMs = body.for === 'forever' ? Number.POSITIVE_INFINITY : Date.now() + body.for;
      const isClaimed = body.claimed ?? state === 'blocked';
      const kinds: readonly ActorReport['kind'][] = isClaimed
        ? ['verified', 'claimed', 'address']
        : ['verified', 'address'];
      return ok(
        await atDesk(context, (desk) =>
          desk.mark(state, nameOf(body), body.reason, untilMs, kinds),
        ),
      );
    },
  });
}

function unmarkRoute(state: 'blocked' | 'allowed', id: string, summary: string): Route {
  return defineRoute<undefined, WhoBody>({
    id,
    method: 'POST',
    path: `/actors/${state === 'blocked' ? 'unblock' : 'disallow'}`,
    summary,
    body: z.strictObject(who).refine(isOne, ONE),
    answers: ANSWERS,
    run: async (context, { body }) =>
      ok(await atDesk(context, (desk) => desk.unmark(state, nameOf(body)))),
  });
}

export const ACTOR_ROUTES: readonly Route[] = Object.freeze([
  look,
  markRoute('blocked', 'blockActor', 'Blocks an actor with every address that it used of late.'),
  markRoute('allowed', 'allowActor', 'Allows an actor with every address that it used of late.'),
  unmarkRoute('blocked', 'unblockActor', 'Takes blocks off an actor, those of thresholds too.'),
  unmarkRoute('allowed', 'disallowActor', 'Takes an allowance off an actor.'),
]);
