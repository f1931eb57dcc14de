// Keys of thresholds in the store: those of actors and endpoints, which are its subjects and places. What is in
// front of a key keeps marks of thresholds apart from each other.

import { ALL, PLACE, SUBJECT, SUBJECT_AT_PLACE, subjectKey } from '../../state/subject-key.ts';

/** Where an actor is marked as blocked by a threshold; the value of the mark is the threshold's id. */
export const actorBlockKey = (actor: string): string => subjectKey(SUBJECT, actor, '');

/** Whose counters they are. */
export function scopeOf(perUser: boolean, perEndpoint: boolean): number {
  if (perUser) return perEndpoint ? SUBJECT_AT_PLACE : SUBJECT;
  return perEndpoint ? PLACE : ALL;
}
