// Business identifier codes (ISO 9362): eight or eleven capitals, which many a word has, so only where they are
// called so.

import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

const COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CK ' +
    'CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GG GH GI GL GM GN ' +
    'GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB ' +
    'LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP ' +
    'NR NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST ' +
    'SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE ZA ZM ZW'
  ).split(' '),
);

export const bic: DataType = defineIdentifier({
  name: 'bic',
  summary: 'bank identifier codes (BIC, SWIFT) behind their name',
  sets: ['financial'],
  evidence: 'context',
  rank: 40,
  contextual: ['UUUUUUxx', 'UUUUUUxxxxx'],
  context: ['bic', 'swift', 'swift code', 'bank identifier code', 'swift bic', 'bic swift'],
  isValid: (code) => COUNTRIES.has(code.slice(4, 6)),
});
