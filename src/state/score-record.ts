// A number that decays: the record behind `score`.

import { MAX_HALF_LIVES, type ScoreOperation } from './operations.ts';
import { clockShift } from './record-clock.ts';

export interface ScoreRecord {
  latestMs: number;
  score: number;
}

export function newScore(): ScoreRecord {
  return { latestMs: -Infinity, score: 0 };
}

/** Decays, then adds. Answers the score. */
export function addToScore(record: ScoreRecord, operation: ScoreOperation, nowMs: number): number {
  record.latestMs += clockShift(record.latestMs, nowMs);
  if (nowMs > record.latestMs) {
    record.score = decayed(record.score, nowMs - record.latestMs, operation.decay);
    record.latestMs = nowMs;
  }
  record.score = Math.min(operation.cap, Math.max(0, record.score + operation.amount));
  return record.score;
}

function decayed(score: number, elapsedMs: number, decay: ScoreOperation['decay']): number {
  // A new record has been idle since ever.
  if (score === 0) return 0;
  if ('perMs' in decay) return Math.max(0, score - elapsedMs * decay.perMs);
  const halfLives = elapsedMs / decay.halfLifeMs;
  return halfLives >= MAX_HALF_LIVES ? 0 : score * 2 ** -halfLives;
}

/** When it has decayed to nothing. */
export function scoreExpiryMs({ latestMs, score }: ScoreRecord, operation: ScoreOperation): number {
  const { decay } = operation;
  if (score === 0) return latestMs;
  return latestMs + ('perMs' in decay ? score / decay.perMs : decay.halfLifeMs * MAX_HALF_LIVES);
}
