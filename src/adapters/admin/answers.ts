// The shapes of answers, for the OpenAPI document. They are promises.

import { z } from 'zod';
import type { RouteAnswer } from './route.ts';

const diagnostic: z.ZodType = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  file: z.string().nullable(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  endLine: z.number().int().nullable(),
  endColumn: z.number().int().nullable(),
  help: z.string().nullable(),
  notes: z.array(z.string()),
});

export const report: z.ZodType = z.object({
  diagnostics: z.array(diagnostic),
  errors: z.number().int(),
  warnings: z.number().int(),
});

export const problem: z.ZodType = z.object({
  error: z.object({ code: z.string(), message: z.string(), help: z.string().nullable() }),
  diagnostics: z.array(diagnostic).optional(),
  errors: z.number().int().optional(),
  warnings: z.number().int().optional(),
});

export const listedRule: z.ZodType = z.object({
  section: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  file: z.string(),
  line: z.number().int(),
  rule: z.record(z.string(), z.unknown()).describe('As it is written.'),
});

export const changed: z.ZodType = z.object({
  revision: z.number().int().nullable().describe('Null: nothing had to be changed, or a dry run.'),
  summary: z.string(),
  rule: z.string().nullable(),
  diff: z.string(),
  version: z.string(),
  inForce: z.boolean().describe('Whether the policy runs; false for dry runs.'),
  problem: z.string().nullable().describe('Why it does not run, although it is written.'),
});

export const revision: z.ZodType = z.object({
  id: z.number().int(),
  time: z.string(),
  who: z.string().nullable(),
  kind: z.enum(['found', 'by-hand', 'change', 'rollback']),
  what: z.string(),
  message: z.string().nullable(),
  files: z.array(z.string()),
});

export const publicEvent: z.ZodType = z.object({
  number: z.number().int(),
  time: z.string(),
  id: z.string(),
  kind: z.string(),
  rule: z.string(),
  row: z.string().nullable(),
  severity: z.string(),
  status: z.string(),
  actor: z.string().nullable(),
  source: z.string(),
  endpoint: z.string(),
  evidence: z.string(),
  action: z.string(),
  effect: z.enum(['allow', 'block']),
});

export const actorReport: z.ZodType = z.object({
  actor: z.string(),
  kind: z.enum(['verified', 'claimed', 'address']),
  allowed: z.string().nullable(),
  blocked: z.string().nullable(),
  blockedUntil: z.string().nullable(),
  blockedByThreshold: z.boolean(),
  score: z.number(),
});

export const done = (description: string, schema?: z.ZodType): RouteAnswer => ({
  status: 200,
  description,
  schema,
});

export const refused = (status: number, description: string): RouteAnswer => ({
  status,
  description,
  schema: problem,
});
