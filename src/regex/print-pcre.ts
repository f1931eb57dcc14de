// Trees as PCRE source again, for PCRE2 itself.
//
// The WebAssembly build of PCRE2 works in UTF mode and would fold U+00C0-U+00DE in caseless patterns.
// Printed from the tree, a pattern has no caseless letters left, only the sets they stand for.

import type { Assertion, Node, Pattern } from './ast.ts';
import { complement, hasByte, sizeOf } from './byte-set.ts';
import { printRanges } from './translate.ts';

const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  'subject-start': '\\A',
  'subject-end': '\\z',
  'subject-end-or-last-newline': '\\Z',
  'line-start': '(?m:^)',
  'line-end': '(?m:$)',
  'word-boundary': '\\b',
  'not-word-boundary': '\\B',
};

/** To be compiled with DOTALL and no other option. */
export function printPcre(pattern: Pattern): string {
  const duplicates = pattern.foreign.includes('a duplicate group name') ? '(?J)' : '';
  // For `(?=a).?a`, PCRE2 (10.34 and 10.42) looks for another "a" behind the first and misses matches.
  const search = looksAhead(pattern.root) ? '(*NO_START_OPT)' : '';
  return search + pattern.settings + duplicates + print(pattern.root);
}

function looksAhead(node: Node): boolean {
  switch (node.kind) {
    case 'look':
      return (!node.behind && !node.negated) || looksAhead(node.body);
    case 'sequence':
      return node.items.some(looksAhead);
    case 'choice':
      return node.options.some(looksAhead);
    case 'group':
    case 'atomic':
    case 'repeat':
      return looksAhead(node.body);
    case 'foreign':
      return node.parts.some((part) => typeof part !== 'string' && looksAhead(part));
    case 'set':
    case 'assert':
    case 'backreference':
      return false;
  }
}

function print(node: Node): string {
  switch (node.kind) {
    case 'set': {
      const size = sizeOf(node.set);
      if (size === 256) return '.';
      if (size === 0) return '(?!)';
      if (size === 1) return printRanges(node.set);
      if (hasByte(node.set, 255)) return `[^${printRanges(complement(node.set))}]`;
      // PCRE2 10.34 takes `[Aa]` for a caseless letter and then misses matches of `[Aa]{2}`. It does not
      // see through a third member.
      const ranges = printRanges(node.set);
      return `[${ranges}${/^[A-Z][a-z]$/.test(ranges) ? ranges[1] : ''}]`;
    }
    case 'sequence':
      return node.items.map(printItem).join('');
    case 'choice':
      return node.options.map(print).join('|');
    case 'group':
      return `(${node.name === undefined ? '' : `?<${node.name}>`}${print(node.body)})`;
    case 'atomic':
      return `(?>${print(node.body)})`;
    case 'look':
      return `(?${node.behind ? '<' : ''}${node.negated ? '!' : '='}${print(node.body)})`;
    case 'assert':
      return ASSERTIONS[node.what];
    case 'backreference':
      return node.caseless ? `(?i:\\g{${node.index}})` : `\\g{${node.index}}`;
    case 'foreign':
      return node.parts.map((part) => (typeof part === 'string' ? part : print(part))).join('');
    case 'repeat': {
      const { min, max, mode } = node;
      const counts = max === Infinity ? `{${min},}` : `{${min},${max}}`;
      const suffix = mode === 'lazy' ? '?' : mode === 'possessive' ? '+' : '';
      const simple = node.body.kind === 'set' || node.body.kind === 'group';
      return (simple ? print(node.body) : `(?:${print(node.body)})`) + counts + suffix;
    }
  }
}

function printItem(node: Node): string {
  return node.kind === 'choice' || node.kind === 'sequence' ? `(?:${print(node)})` : print(node);
}
