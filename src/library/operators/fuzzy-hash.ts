// @fuzzyHash. The value is like one of the texts whose ssdeep hashes a file lists: `@fuzzyHash file 60`.
//
// The number is the least score, 1 to 100. Lines that hold no hash, such as ssdeep's heading, are left out.

import { OperatorArgumentError, type OperatorDefinition } from '../../model/operator.ts';
import { fuzzyScore, parseFuzzyHash } from '../fuzzy-hash/compare.ts';
import { fuzzyDigest } from '../fuzzy-hash/digest.ts';
import { dataLines, readDataFiles } from './data-files.ts';

export const fuzzyHash: OperatorDefinition = Object.freeze({
  name: 'fuzzyHash',
  summary: 'the value is like a text whose ssdeep hash is in a file',
  argument: 'required',
  macros: false,
  compile: (argument, context) => {
    const [, path = argument, threshold = ''] =
      /^(.*[^\t-\r ])[\t-\r ]+([^\t-\r ]+)[\t-\r ]*$/s.exec(argument) ?? [];
    const least = /^\d{1,3}$/.test(threshold) ? Number(threshold) : 0;
    if (least < 1 || least > 100) {
      throw new OperatorArgumentError(`"${threshold}" is not a score, expected 1 to 100`, {
        offset: argument.lastIndexOf(threshold),
        length: threshold.length,
        help: 'write the file and then the least score: @fuzzyHash hashes.txt 60',
      });
    }
    const hashes = dataLines(readDataFiles(path, context))
      .map(({ text }) => parseFuzzyHash(text))
      .filter((hash) => hash !== undefined);
    if (hashes.length === 0) throw new OperatorArgumentError(`there is no hash in "${path}"`);
    return {
      evaluate: (value, run) => {
        const hash = parseFuzzyHash(fuzzyDigest(value));
        if (hash === undefined) return false;
        for (const known of hashes) {
          const score = fuzzyScore(known, hash);
          if (score < least) continue;
          run.detail = `Fuzzy hash: matched with score: ${score}`;
          run.transaction.tell(4, `${run.detail}.`);
          return true;
        }
        return false;
      },
    };
  },
} satisfies OperatorDefinition);
