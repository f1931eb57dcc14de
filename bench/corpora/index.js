// The corpora by name. All of a corpus follows from its name and the seed.

import * as apiJson from './api-json.js';
import * as attacks from './attacks.js';
import * as browsing from './browsing.js';
import * as form from './form.js';
import * as multipart from './multipart.js';
import { createRandom } from './random.js';
import * as smallGet from './small-get.js';
import * as worst from './worst.js';

export const DEFAULT_SEED = 1;

const drawn = ({ create, COUNT }) => ({
  count: COUNT,
  *records(random, count) {
    for (let index = 0; index < count; index++) yield create(random, index);
  },
});
const whole = ({ createAll }) => ({ count: undefined, records: (random) => createAll(random) });

const CORPORA = Object.freeze({
  'small-get': drawn(smallGet),
  browsing: drawn(browsing),
  'api-json': drawn(apiJson),
  form: drawn(form),
  multipart: drawn(multipart),
  attacks: whole(attacks),
  worst: whole(worst),
});

export const CORPUS_NAMES = Object.freeze(Object.keys(CORPORA));

const seedOf = (name, seed) =>
  [...name].reduce((sum, char) => Math.imul(sum, 31) + char.charCodeAt(0), seed);

/**
 * The exchange records of a corpus; undefined when what it is read from is not there.
 *
 * `count` changes the size of the corpora that are drawn, not of those that are lists.
 */
export function corpusRecords(name, { seed = DEFAULT_SEED, count } = {}) {
  const corpus = CORPORA[name];
  return corpus.records(createRandom(seedOf(name, seed)), count ?? corpus.count);
}
