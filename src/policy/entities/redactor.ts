// Redacts a text that comes in chunks, with the outcome that `redact` gives for the whole.
//
// What a later byte could still change is held back: some hundred bytes as a rule, and as long as the beginning of a
// private key or a JSON web token is in sight, up to what those may take (16 KB).

import type { Finding } from './data-type.ts';
import { Finder } from './finder.ts';
import type { DetectionPlan } from './plan.ts';
import { NUMBER_CONTEXT, type RedactionStyle, replacement } from './redact.ts';
import { type RawFinding, toFinding } from './resolve.ts';

export interface RedactorOptions {
  /** Default: `mask`. */
  readonly style?: RedactionStyle;
  /** Told of each finding when it is replaced, offsets counting from the first byte of all. */
  readonly onFinding?: (finding: Finding) => void;
}

export interface Redactor {
  /** Takes the next chunk and gives out what can be given out; a byte string, often shorter or empty. */
  readonly write: (chunk: string) => string;
  /** Gives out the rest. Nothing may be written behind it. */
  readonly end: () => string;
}

export function createRedactor(plan: DetectionPlan, options: RedactorOptions = {}): Redactor {
  const { style = 'mask', onFinding } = options;
  const found: RawFinding[] = [];
  const finder = new Finder(plan, (raw) => found.push(raw));
  let given = 0;
  let ended = false;

  const give = (final: boolean): string => {
    finder.advance(final);
    const { text, base } = finder;
    const until = base + text.length;
    let out = '';
    while (found.length > 0) {
      const raw = found[0]!;
      // Whether it is a number of JSON shows only behind it.
      if (!final && raw.end + NUMBER_CONTEXT > until) break;
      found.shift();
      const finding = toFinding(raw, text, base);
      onFinding?.(finding);
      out += text.slice(given - base, raw.start - base) + replacement(text, base, finding, style);
      given = raw.end;
    }
    const free = Math.min(found[0]?.start ?? Infinity, finder.free);
    if (free > given) {
      out += text.slice(given - base, free - base);
      given = free;
    }
    finder.release(given);
    return out;
  };

  return Object.freeze({
    write: (chunk: string): string => {
      if (ended) throw new TypeError('a redactor takes no chunk behind its end');
      finder.push(chunk);
      return give(false);
    },
    end: (): string => {
      if (ended) return '';
      ended = true;
      return give(true);
    },
  });
}
