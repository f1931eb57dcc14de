// All operators, one file each.

import type { OperatorDefinition } from '../../model/operator.ts';
import { beginsWith } from './begins-with.ts';
import { contains } from './contains.ts';
import { containsWord } from './contains-word.ts';
import { detectSQLi } from './detect-sqli.ts';
import { detectXSS } from './detect-xss.ts';
import { endsWith } from './ends-with.ts';
import { eq } from './eq.ts';
import { fuzzyHash } from './fuzzy-hash.ts';
import { ge } from './ge.ts';
import { geoLookup } from './geo-lookup.ts';
import { gsbLookup } from './gsb-lookup.ts';
import { gt } from './gt.ts';
import { inspectFile } from './inspect-file.ts';
import { ipMatch } from './ip-match.ts';
import { ipMatchFromDataset } from './ip-match-from-dataset.ts';
import { ipMatchFromFile } from './ip-match-from-file.ts';
import { le } from './le.ts';
import { lt } from './lt.ts';
import { noMatch } from './no-match.ts';
import { pm } from './pm.ts';
import { pmFromDataset } from './pm-from-dataset.ts';
import { pmFromFile } from './pm-from-file.ts';
import { rbl } from './rbl.ts';
import { restpath } from './restpath.ts';
import { rsub } from './rsub.ts';
import { rx } from './rx.ts';
import { rxGlobal } from './rx-global.ts';
import { streq } from './streq.ts';
import { strmatch } from './strmatch.ts';
import { unconditionalMatch } from './unconditional-match.ts';
import { validateByteRange } from './validate-byte-range.ts';
import { validateDTD } from './validate-dtd.ts';
import { validateHash } from './validate-hash.ts';
import { validateNid } from './validate-nid.ts';
import { validateSchema } from './validate-schema.ts';
import { validateUrlEncoding } from './validate-url-encoding.ts';
import { validateUtf8Encoding } from './validate-utf8-encoding.ts';
import { verifyCC } from './verify-cc.ts';
import { verifyCPF } from './verify-cpf.ts';
import { verifySSN } from './verify-ssn.ts';
import { verifySVNR } from './verify-svnr.ts';
import { within } from './within.ts';

export const OPERATORS: readonly OperatorDefinition[] = Object.freeze([
  rx,
  rxGlobal,
  pm,
  pmFromFile,
  pmFromDataset,
  within,
  contains,
  containsWord,
  strmatch,
  beginsWith,
  endsWith,
  streq,
  eq,
  ge,
  gt,
  le,
  lt,
  ipMatch,
  ipMatchFromFile,
  ipMatchFromDataset,
  fuzzyHash,
  geoLookup,
  restpath,
  detectSQLi,
  detectXSS,
  validateByteRange,
  validateUrlEncoding,
  validateUtf8Encoding,
  validateDTD,
  validateSchema,
  verifyCC,
  verifyCPF,
  verifySSN,
  verifySVNR,
  validateNid,
  unconditionalMatch,
  noMatch,
  rbl,
  gsbLookup,
  validateHash,
  inspectFile,
  rsub,
]);
