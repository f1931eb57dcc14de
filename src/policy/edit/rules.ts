// The rules of a document as they are written: file by file, with their fields untouched by defaults.

import { RULE_SECTIONS } from '../check/names.ts';
import { type PolicyText, readTree } from '../document/positions.ts';
import type { NamedRule } from './rule-names.ts';

export interface WrittenRule extends NamedRule {
  /** The name of the file. */
  readonly file: string;
  /** In the section of that file, from 0. */
  readonly index: number;
  /** From 1. */
  readonly line: number;
  readonly enabled: boolean;
  /** As written. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** In the order of the files, sections and lines. Whatever cannot be read is left out. */
export function writtenRules(texts: readonly PolicyText[]): readonly WrittenRule[] {
  return texts.flatMap((text) => {
    const { value, keySpanOf } = readTree(text);
    if (!isMapping(value)) return [];
    return RULE_SECTIONS.flatMap((section) => {
      const list = value[section];
      if (!Array.isArray(list)) return [];
      return list.flatMap((rule: unknown, index): readonly WrittenRule[] => {
        if (!isMapping(rule) || typeof rule['name'] !== 'string') return [];
        const { start } = keySpanOf([section, index, 'name']);
        const line = text.text.slice(0, start).split('\n').length;
        const enabled = rule['enabled'] !== false;
        return [
          { section, name: rule['name'], file: text.name, index, line, enabled, value: rule },
        ];
      });
    });
  });
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
