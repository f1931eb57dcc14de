// Actors: whom counters and blocks are for, and when a bad score blocks by itself.

import { z } from 'zod';
import { duration, name } from './values.ts';

export interface ActorOptions {
  /** A hash pattern that stands for requests without a user; default: the address. */
  readonly pattern?: string | undefined;
  readonly score?: ActorScoreOptions | undefined;
}

/** A score that grows with what an actor does and halves in time. */
export interface ActorScoreOptions {
  /** Milliseconds in which it halves. */
  readonly halfLife: number;
  /** Points for each event, by severity. */
  readonly low: number;
  readonly medium: number;
  readonly high: number;
  readonly critical: number;
  /** Above this the actor is blocked; undefined: never. */
  readonly blockAbove?: number | undefined;
  /** For how long, in milliseconds. */
  readonly blockFor: number;
}

const points = (count: number): z.ZodType<number, unknown> =>
  z.number().nonnegative().default(count);

const score: z.ZodType<ActorScoreOptions, unknown> = z.strictObject({
  halfLife: duration.default(3_600_000),
  low: points(1),
  medium: points(3),
  high: points(10),
  critical: points(30),
  blockAbove: z.number().positive().optional(),
  blockFor: duration.default(3_600_000),
});

export const actorOptions: z.ZodType<ActorOptions, unknown> = z.strictObject({
  pattern: name.optional().describe('The hash pattern that stands for a request without a user.'),
  score: score.optional().describe('Points for what an actor does; the abuse velocity.'),
});
