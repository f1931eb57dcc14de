// What the regex suites share: PCRE2 as the judge, and where CRS's patterns are.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { MatcherResult } from '../../src/model/operator.ts';
import { MatchLimitError } from '../../src/model/operator.ts';
import type { Pattern } from '../../src/regex/ast.ts';
import type { Pcre2 } from '../../src/regex/pcre2.ts';
import { createPcre2 } from '../../src/regex/pcre2.ts';
import { sharedPath } from '../support/shared.ts';

export function loadPcre2(): Pcre2 {
  const path = createRequire(import.meta.url).resolve(
    '@stephen-riley/pcre2-wasm/dist/libpcre2.wasm',
  );
  return createPcre2(readFileSync(path));
}

export interface Oracle {
  /** The match PCRE2 finds, or `limit` when it ran out of its budget. */
  readonly exec: (subject: string, from?: number) => MatcherResult | null | 'limit';
  readonly free: () => void;
}

/**
 * PCRE2 on the written pattern, past our parser and printer. DOTALL; `$` has to be written `\z` for
 * DOLLAR_ENDONLY. Without the start optimisations, which have bugs in this version.
 */
export function oracle(pcre2: Pcre2, source: string): Oracle {
  const pattern: Pattern = {
    source,
    root: { kind: 'foreign', what: 'verbatim', parts: [`(*NO_START_OPT)${source}`] },
    groupCount: 0,
    foreign: [],
    settings: '',
    plain: false,
  };
  const compiled = pcre2.compile(pattern);
  const exec = (subject: string, from = 0): MatcherResult | null | 'limit' => {
    try {
      return compiled.exec(subject, from);
    } catch (error) {
      if (error instanceof MatchLimitError) return 'limit';
      throw error;
    }
  };
  return { exec, free: compiled.free };
}

export const CRS_RULES: string = sharedPath('..', 'crs', 'v4.28.0', 'rules');

/** The distinct patterns of all `@rx` operators. */
export function crsPatterns(): readonly string[] {
  const patterns = new Set<string>();
  for (const name of readdirSync(CRS_RULES).filter((file) => file.endsWith('.conf'))) {
    const lines = readFileSync(join(CRS_RULES, name), 'latin1').split('\n');
    const text = lines.filter((line) => !/^\s*#/.test(line)).join('\n');
    for (const found of text.matchAll(/"!?@rx ((?:[^"\\]|\\[\s\S])*)"/g)) {
      patterns.add(found[1]!.replace(/\\\n[ \t]*/g, '').replace(/\\"/g, '"'));
    }
  }
  return [...patterns];
}

/** Lower-cases A-Z only, as the prefilter does. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
