// The id of a signature: taken by a loaded rule, or in the range of OWASP CRS.

import { idOf, placeOf, type SignatureCheck, starterOf } from './signature.ts';

const CRS_IDS = { first: 900_000, last: 999_999 };
/** Within the range that is everybody's own, and above what examples use. */
const OWN_IDS = { first: 10_000, last: 99_999 };

function freeId(taken: ReadonlyMap<number, unknown>): number | undefined {
  for (let id = OWN_IDS.first; id <= OWN_IDS.last; id++) if (!taken.has(id)) return id;
  return undefined;
}

export const checkId: SignatureCheck = (signature, context) => {
  const given = idOf(starterOf(signature));
  if (given === undefined || given.id === context.replaces) return;
  const { id, span } = given;
  const taken = context.loaded?.declared.ids ?? new Map();
  const holder = taken.get(id);
  const free = freeId(taken);
  const help =
    free === undefined ? 'use an id of your own' : `use an id of your own, such as ${free}`;
  if (holder !== undefined) {
    context.report.error({
      code: 'id-taken',
      message: `the id ${id} is taken by a rule that is loaded already`,
      span,
      help,
      notes: [`that rule starts at ${placeOf(holder, context)}`],
    });
  } else if (id >= CRS_IDS.first && id <= CRS_IDS.last) {
    context.report.warning({
      code: 'reserved-id',
      message: `the id ${id} is in the range of OWASP CRS, ${CRS_IDS.first} to ${CRS_IDS.last}`,
      span,
      help,
      notes: ['a later release of CRS may use it, and its exclusions may already name it'],
    });
  }
};
