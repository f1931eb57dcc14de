// Patterns as V8 regular expressions that match the same byte strings in the same way.
//
// Where the two disagree the translation spells PCRE's meaning out: sets are written byte by byte, so
// that neither V8's idea of white space nor its folding of U+00C0-U+00DE has a say; anchors become
// lookarounds; atomic groups become a lookahead and a reference to what it captured. What cannot be
// spelt out is refused, with the reason.

import type { Assertion, Node } from './ast.ts';
import type { ByteSet } from './byte-set.ts';
import { complement, hasByte, sizeOf } from './byte-set.ts';
import { Refusal, refuseDivergence, refuseUnsetReferences } from './divergence.ts';

export interface Translation {
  readonly source: string;
  /** PCRE's group number to V8's; V8 has extra groups for atomic ones. */
  readonly groups: readonly number[];
}

export type TranslationResult =
  | { readonly kind: 'translated'; readonly translation: Translation }
  | { readonly kind: 'refused'; readonly reason: string };

/** The translation of `root`, or why there is none that V8 runs like PCRE. */
export function translate(root: Node, groupCount: number): TranslationResult {
  try {
    refuseDivergence(root);
    refuseUnsetReferences(root);
    const emitter = new Emitter();
    const source = emitter.node(root);
    const groups: number[] = [0];
    for (let index = 1; index <= groupCount; index++) groups.push(emitter.groups.get(index) ?? 0);
    return { kind: 'translated', translation: { source, groups } };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  'subject-start': '^',
  'subject-end': '$',
  'subject-end-or-last-newline': '(?=\\n?$)',
  'line-start': '(?:^|(?<=\\n)(?=[^]))',
  'line-end': '(?![^\\n])',
  'word-boundary': '\\b',
  'not-word-boundary': '\\B',
};

class Emitter {
  readonly groups = new Map<number, number>();
  private count = 0;

  node(node: Node): string {
    switch (node.kind) {
      case 'set':
        return printSet(node.set);
      case 'sequence':
        return node.items.map((item) => this.item(item)).join('');
      case 'choice':
        return node.options.map((option) => this.node(option)).join('|');
      case 'group': {
        this.groups.set(node.index, ++this.count);
        return `(${this.node(node.body)})`;
      }
      case 'assert':
        return ASSERTIONS[node.what];
      case 'look':
        return `(?${node.behind ? '<' : ''}${node.negated ? '!' : '='}${this.node(node.body)})`;
      case 'atomic':
        return this.atomic(() => this.node(node.body));
      case 'repeat':
        if (node.mode !== 'possessive')
          return this.repeat(node.body, node.min, node.max, node.mode);
        return this.atomic(() => this.repeat(node.body, node.min, node.max, 'greedy'));
      case 'backreference': {
        const group = this.groups.get(node.index);
        if (group === undefined) throw new Refusal('a reference before its group');
        if (node.caseless) throw new Refusal('a caseless backreference');
        // The empty group keeps a digit that follows from joining the number.
        return `\\${group}(?:)`;
      }
      case 'foreign':
        throw new Refusal(node.what);
    }
  }

  /** An item of a sequence or the body of a repeat, where `a|b` needs a group around it. */
  private item(node: Node): string {
    const text = this.node(node);
    return node.kind === 'choice' || node.kind === 'sequence' ? `(?:${text})` : text;
  }

  private atomic(body: () => string): string {
    const group = ++this.count;
    return `(?:(?=(${body()}))\\${group})`;
  }

  private repeat(body: Node, min: number, max: number, mode: 'greedy' | 'lazy'): string {
    const text = body.kind === 'set' || body.kind === 'group' ? this.node(body) : this.wrap(body);
    return text + printCounts(min, max) + (mode === 'lazy' ? '?' : '');
  }

  private wrap(body: Node): string {
    return `(?:${this.node(body)})`;
  }
}

function printCounts(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

/** A set as a class, or as a char when it has one byte; also valid in PCRE. */
export function printSet(set: ByteSet): string {
  const size = sizeOf(set);
  if (size === 256) return '[^]';
  if (size === 0) return '[]';
  if (size === 1) return printRanges(set);
  return hasByte(set, 255) ? `[^${printRanges(complement(set))}]` : `[${printRanges(set)}]`;
}

export function printRanges(set: ByteSet): string {
  let text = '';
  for (let byte = 0; byte < 256; byte++) {
    if (!hasByte(set, byte)) continue;
    const low = byte;
    while (byte < 255 && hasByte(set, byte + 1)) byte++;
    text += printByte(low);
    if (byte > low) text += `${byte > low + 1 ? '-' : ''}${printByte(byte)}`;
  }
  return text;
}

function printByte(byte: number): string {
  const char = String.fromCharCode(byte);
  return /\w/.test(char) ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
}
