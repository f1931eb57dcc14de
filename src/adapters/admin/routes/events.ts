// The latest events of the policy.

import { z } from 'zod';
import type { PolicyEvent } from '../../../model/policy-event.ts';
import { done, publicEvent } from '../answers.ts';
import type { EventQuery } from '../event-ring.ts';
import { defineRoute, ok, type Route } from '../route.ts';

const KINDS: readonly PolicyEvent['kind'][] = [
  'source',
  'signature',
  'rate-limit',
  'enumeration',
  'data-loss',
  'actor',
  'attribution',
];

interface Query extends Omit<EventQuery, 'leastSeverity'> {
  readonly severity?: EventQuery['leastSeverity'];
}

export const EVENT_ROUTES: readonly Route[] = Object.freeze([
  defineRoute<Query>({
    id: 'listEvents',
    method: 'GET',
    path: '/events',
    summary: 'The latest events, the newest first. The server keeps a bounded number.',
    query: z.strictObject({
      status: z.enum(['active', 'testing']).optional(),
      kind: z.enum(KINDS).optional(),
      severity: z.enum(['low', 'medium', 'high', 'critical']).optional().describe('At least.'),
      actor: z.string().max(64).optional().describe('A pseudonym, as events show it.'),
      after: z.coerce.number().int().min(0).optional().describe('Events with higher numbers only.'),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    answers: [done('Events.', z.array(publicEvent))],
    run: async ({ events }, { query: { severity, ...query } }) =>
      ok(events.find({ ...query, leastSeverity: severity })),
  }),
]);
