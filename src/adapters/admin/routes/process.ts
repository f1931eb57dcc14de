// The process: whether it lives, and what it has counted.

import { z } from 'zod';
import { METRICS_TYPE, renderMetrics } from '../../metrics/metric.ts';
import { done } from '../answers.ts';
import { defineRoute, ok, type Route } from '../route.ts';

export const PROCESS_ROUTES: readonly Route[] = Object.freeze([
  defineRoute({
    id: 'health',
    method: 'GET',
    path: '/health',
    summary: 'Answers while the process serves. Needs no token and tells nothing else.',
    isOpen: true,
    answers: [done('It serves.', z.object({ status: z.literal('ok') }))],
    run: async () => ok({ status: 'ok' }),
  }),
  defineRoute({
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    summary: 'What was counted, as Prometheus reads it.',
    answers: [{ status: 200, description: 'Metrics.', type: METRICS_TYPE }],
    run: async ({ metrics }) => ({
      status: 200,
      text: { type: METRICS_TYPE, content: renderMetrics(await metrics()) },
    }),
  }),
]);
