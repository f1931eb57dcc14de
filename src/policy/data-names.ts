// The names by which rules refer to data: types and sets that come along.

import { DATA_SETS } from './entities/data-sets.ts';
import { DATA_TYPES } from './entities/index.ts';

export const DATA_NAMES: readonly string[] = Object.freeze(
  [...DATA_TYPES, ...DATA_SETS].map(({ name }) => name),
);
