// All routes of the API, the one that describes them included.

import { z } from 'zod';
import { done } from './answers.ts';
import { openApiDocument } from './openapi.ts';
import { defineRoute, ok, type Route } from './route.ts';
import { ACTOR_ROUTES } from './routes/actors.ts';
import { EVENT_ROUTES } from './routes/events.ts';
import { POLICY_ROUTES } from './routes/policy.ts';
import { PROCESS_ROUTES } from './routes/process.ts';
import { REVISION_ROUTES } from './routes/revisions.ts';
import { RULE_ROUTES } from './routes/rules.ts';
import { SUBMISSION_ROUTES } from './routes/submissions.ts';

const openApi: Route = defineRoute({
  id: 'openApi',
  method: 'GET',
  path: '/openapi.json',
  summary: 'This document.',
  answers: [done('OpenAPI 3.1.', z.record(z.string(), z.unknown()))],
  run: async ({ version }) => ok(openApiDocument(ROUTES, version)),
});

export const ROUTES: readonly Route[] = Object.freeze([
  openApi,
  ...RULE_ROUTES,
  ...REVISION_ROUTES,
  ...POLICY_ROUTES,
  ...SUBMISSION_ROUTES,
  ...EVENT_ROUTES,
  ...ACTOR_ROUTES,
  ...PROCESS_ROUTES,
]);
