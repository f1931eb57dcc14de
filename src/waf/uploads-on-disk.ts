// Whether the uploads of a request are written to disk while it runs, and by whom.

import type { UploadFiles } from '../model/outside.ts';
import type { RuleLink, Ruleset } from '../ruleset/ruleset.ts';
import type { WafOptions } from './options.ts';

/** Undefined: they stay in memory, which is enough for scripts; a program that is to look at one then fails. */
export function uploadsOf(
  { settings, rules }: Ruleset,
  { outside, uploads = outside?.uploads }: WafOptions,
): UploadFiles | undefined {
  const { tmpSaveUploadedFiles, uploadKeepFiles } = settings;
  if (tmpSaveUploadedFiles || uploadKeepFiles !== 'Off') return uploads;
  return rules.some(({ links }) => links.some(runsProgram)) ? uploads : undefined;
}

function runsProgram({ operator }: RuleLink): boolean {
  return operator?.definition.name === 'inspectFile' && operator.compiled.asks !== undefined;
}
