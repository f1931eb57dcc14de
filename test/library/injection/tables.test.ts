import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SQL_WORDS, type WordKind } from '../../../src/library/injection/sqli.data.ts';
import { attackFingerprints } from '../../../src/library/injection/sqli-fingerprints.ts';
import { MAX_WORD_LENGTH, wordKind } from '../../../src/library/injection/sqli-keywords.ts';
import { KIND_LETTERS, kind } from '../../../src/library/injection/sqli-token.ts';
import {
  EVENTS,
  INDIRECT_ATTRIBUTES,
  SCRIPT_ATTRIBUTES,
  STYLE_ATTRIBUTES,
  TAG_PREFIXES,
  TAGS,
  URL_ATTRIBUTES,
} from '../../../src/library/injection/xss.data.ts';
import { describeShared, sharedPath } from '../../support/shared.ts';

interface Reference {
  readonly sql: {
    readonly keywords_by_type: Readonly<Record<string, readonly string[]>>;
    readonly fingerprints: readonly string[];
  };
  readonly xss: {
    readonly event_names_after_on: readonly string[];
    readonly attributes_by_kind: Readonly<Record<string, readonly string[]>>;
    readonly tags: readonly string[];
    readonly tag_prefixes: readonly string[];
  };
}

const WORD_KINDS = Object.keys(SQL_WORDS) as WordKind[];

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}

describe('the tables of SQL', () => {
  it('know 985 words, each once', () => {
    const words = WORD_KINDS.flatMap((name) => SQL_WORDS[name].split(','));
    expect(words.length).toBe(985);
    expect(new Set(words).size).toBe(words.length);
  });

  it('find each word in any case, and only the whole of it', () => {
    for (const name of WORD_KINDS) {
      for (const word of SQL_WORDS[name].split(',')) {
        const padded = `<${word.toLowerCase()}>`;
        expect(wordKind(padded, 1, padded.length - 1), word).toBe(kind[name]);
        expect(wordKind(padded, 0, padded.length), word).toBe(kind.none);
      }
    }
  });

  it('hold no word longer than a token', () => {
    for (const name of WORD_KINDS) {
      for (const word of SQL_WORDS[name].split(',')) {
        expect(word.length, word).toBeLessThanOrEqual(MAX_WORD_LENGTH);
      }
    }
  });

  it('know 8367 fingerprints, each once, of at most five known letters', () => {
    const fingerprints = attackFingerprints();
    const letters = KIND_LETTERS.slice(1).toUpperCase();
    expect(fingerprints.length).toBe(8367);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    for (const fingerprint of fingerprints) {
      expect(fingerprint.length).toBeLessThanOrEqual(5);
      for (const letter of fingerprint) expect(letters, fingerprint).toContain(letter);
    }
  });

  it('know one fingerprint of one token, that of evil text', () => {
    expect(attackFingerprints().filter((fingerprint) => fingerprint.length === 1)).toEqual(['X']);
  });
});

const TABLES = sharedPath('..', 'reference', 'libinjection-tables.json');

describeShared('the tables and their reference', TABLES, () => {
  const reference = JSON.parse(readFileSync(TABLES, 'utf8')) as Reference;

  it('agree on SQL words', () => {
    for (const name of WORD_KINDS) {
      const expected = reference.sql.keywords_by_type[KIND_LETTERS[kind[name]]!];
      expect(sorted(SQL_WORDS[name].split(',')), name).toEqual(sorted(expected!));
    }
    expect(WORD_KINDS.length).toBe(Object.keys(reference.sql.keywords_by_type).length);
  });

  it('agree on fingerprints', () => {
    expect(attackFingerprints()).toEqual(sorted(reference.sql.fingerprints));
  });

  it('agree on tags, attributes and events', () => {
    const { attributes_by_kind: attributes, ...names } = reference.xss;
    expect(TAGS.split(',')).toEqual(sorted(names.tags));
    expect(TAG_PREFIXES.split(',')).toEqual(sorted(names.tag_prefixes));
    expect(EVENTS.split(',')).toEqual(sorted(names.event_names_after_on));
    expect(SCRIPT_ATTRIBUTES.split(',')).toEqual(sorted(attributes['black']!));
    expect(STYLE_ATTRIBUTES.split(',')).toEqual(sorted(attributes['style']!));
    expect(URL_ATTRIBUTES.split(',')).toEqual(sorted(attributes['attr_url']!));
    expect(INDIRECT_ATTRIBUTES.split(',')).toEqual(sorted(attributes['attr_indirect']!));
  });
});
