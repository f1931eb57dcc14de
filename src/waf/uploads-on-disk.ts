// Whether the uploads of a request are written to disk while it runs, and by whom.

import type { UploadFiles } from '../model/outside.ts';
import type { RuleLink, Ruleset } from '../ruleset/ruleset.ts';
import type { WafOptions } from './options.ts';

/**
 * Who takes the uploads of a request; undefined: they stay in memory. Programs inspect files, so where rules run
 * programs and nobody writes files, an upload is an error and does not pass unseen.
 */
export function uploadsOf(
  { settings, rules }: Ruleset,
  { outside, uploads = outside?.uploads }: WafOptions,
): UploadFiles | undefined {
  const { tmpSaveUploadedFiles, uploadKeepFiles } = settings;
  const inspectsFiles = rules.some(({ links }) => links.some(runsProgram));
  if (inspectsFiles) return uploads ?? NOBODY_WRITES;
  return tmpSaveUploadedFiles || uploadKeepFiles !== 'Off' ? uploads : undefined;
}

const NOBODY_WRITES: UploadFiles = Object.freeze({
  write: () => {
    throw new Error('this waf writes no files: it was made without "outside" and "uploads"');
  },
  remove: () => {},
});

function runsProgram({ operator }: RuleLink): boolean {
  return operator?.definition.name === 'inspectFile' && operator.compiled.asks !== undefined;
}
