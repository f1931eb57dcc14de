// What @pm and @pmFromFile share: any of many phrases, in any case of their ASCII letters.

import { type AhoCorasick, buildAhoCorasick } from '../../base/aho-corasick.ts';
import { asciiLower, asciiUpper } from '../../base/ascii.ts';
import { allOf, anyOf, type ByteClasses, type ClassNeed } from '../../base/class-need.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import { type Memo, NO_MEMO } from '../../model/memo.ts';
import type {
  CompiledOperator,
  LiteralRequirement,
  OperatorContext,
} from '../../model/operator.ts';
import { cover, probability } from '../../regex/windows.ts';

export interface PhraseList {
  /** Of no other phrases; as long as they are. */
  readonly key: () => string;
  /** To cut long files into lines takes as long as reading the rules that name them. */
  readonly read: () => readonly string[];
}

export const listOf = (phrases: readonly string[]): PhraseList => ({
  key: () => JSON.stringify(phrases),
  read: () => phrases,
});

/** What values need to hold one of the phrases. */
interface PhraseFacts extends LiteralRequirement {
  readonly minBytes: number;
}

/**
 * Matches when a phrase occurs. The one that ends first decides.
 *
 * Evidence and TX:0 are spelled as in the rule, not as in the value, and hold what ModSecurity's automaton
 * had recognised by then: with the phrases `abcd` and `bc`, `xabcdx` gives `abc`.
 */
export function matchPhrases(
  list: PhraseList,
  { memo = NO_MEMO }: Pick<OperatorContext, 'memo'>,
  found: Behaviour['phraseFound'] = 'automaton-path',
): CompiledOperator {
  if (found === 'leftmost-longest') return matchLongest(list.read(), memo);
  const automaton = atFirstUse(list.read);
  return {
    evaluate: (value, run) => {
      const hit = automaton().first(value);
      if (hit === null) return false;
      if (run.capturing) run.captures.push(hit.path);
      run.detail = `Matched phrase "${hit.path}"`;
      return true;
    },
    locate: (value) => {
      const hit = automaton().first(value);
      return hit === null ? [] : [[hit.end - hit.path.length, hit.path.length]];
    },
    requires: () => phraseFacts(list, memo),
    minBytes: phraseFacts(list, memo).minBytes,
    needs: (classes) =>
      memo.recall('needs', `${classes.key}\n${list.key()}`, () =>
        phrasesNeed(list.read(), classes),
      ),
    isPure: true,
  };
}

/** Most values hold none of the windows that are looked for first, and many lists are never asked. */
function atFirstUse(read: PhraseList['read']): () => AhoCorasick {
  let automaton: AhoCorasick | undefined;
  return () => {
    automaton ??= buildAhoCorasick(read(), { caseless: true });
    return automaton;
  };
}

/** So many alternatives come to one mask anyway. */
const FEW_PHRASES = 200;

const MAX_CAPTURES = 10;

/**
 * Coraza's reading: the longest phrase that begins first, then the next one behind it. TX:0 to TX:9 hold them
 * as the value spells them.
 */
function matchLongest(phrases: readonly string[], memo: Memo): CompiledOperator {
  const known = [...new Set(phrases.map(asciiLower))].sort((a, b) => b.length - a.length);
  // An empty phrase is in everything.
  if (known.at(-1) === '') return { evaluate: () => true };
  const automaton = atFirstUse(() => known);
  const byFirst = new Map<string, string[]>();
  for (const phrase of known) {
    const first = phrase.charAt(0);
    byFirst.set(first, [...(byFirst.get(first) ?? []), phrase]);
  }
  return {
    evaluate: (value, run) => {
      if (automaton().first(value) === null) return false;
      if (!run.capturing) return true;
      const lower = asciiLower(value);
      for (let at = 0; at < value.length && run.captures.length < MAX_CAPTURES; at++) {
        const phrase = byFirst
          .get(lower.charAt(at))
          ?.find((candidate) => lower.startsWith(candidate, at));
        if (phrase === undefined) continue;
        run.captures.push(value.slice(at, at + phrase.length));
        at += phrase.length - 1;
      }
      return true;
    },
    requires: () => phraseFacts(listOf(known), memo),
  };
}

/** What any of the phrases needs: each of its bytes, in one case or the other. */
function phrasesNeed(phrases: readonly string[], { ofByte }: ByteClasses): ClassNeed {
  const masks = Int32Array.from({ length: 256 }, (_, byte) => {
    const char = String.fromCharCode(byte);
    return ofByte(asciiLower(char).charCodeAt(0)) | ofByte(asciiUpper(char).charCodeAt(0));
  });
  const masksOf = (phrase: string): number[] => {
    const found: number[] = [];
    for (let at = 0; at < phrase.length; at++) found.push(masks[phrase.charCodeAt(at) & 0xff]!);
    return found;
  };
  if (phrases.length <= FEW_PHRASES || phrases.includes('')) {
    return anyOf(phrases.map((phrase) => allOf(masksOf(phrase))));
  }
  // That of the rarest byte of each.
  const sizes = masks.map(bitsOf);
  let union = 0;
  for (const phrase of phrases) {
    let rarest = phrase.charCodeAt(0) & 0xff;
    for (let at = 1; at < phrase.length; at++) {
      const byte = phrase.charCodeAt(at) & 0xff;
      if (sizes[byte]! < sizes[rarest]!) rarest = byte;
    }
    union |= masks[rarest]!;
  }
  return union;
}

function bitsOf(mask: number): number {
  let bits = 0;
  for (let left = mask; left !== 0; left &= left - 1) bits++;
  return bits;
}

function phraseFacts({ key, read }: PhraseList, memo: Memo): PhraseFacts {
  return memo.recall('phrases', key(), () => {
    const phrases = read();
    const lower = phrases.map(asciiLower).filter((phrase) => phrase !== '');
    const { windows: literals, wholes } = cover(lower);
    return {
      literals,
      wholes,
      score: literals.reduce((sum, literal) => sum + probability(literal), 0),
      minBytes: phrases.reduce(
        (least, { length }) => Math.min(least, length),
        Number.POSITIVE_INFINITY,
      ),
    };
  });
}
