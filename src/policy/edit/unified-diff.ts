// Two states of a document as one unified diff, file by file.

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { PolicyText } from '../document/positions.ts';
import { decodeText } from './text.ts';

export interface DiffLabels {
  readonly before: string;
  readonly after: string;
}

/** Empty when nothing differs. A file that is missing on one side counts as empty there. */
export function unifiedDiff(
  before: readonly PolicyText[],
  after: readonly PolicyText[],
  labels?: DiffLabels,
): string {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  return names
    .map((name) => {
      const [old, now] = [textOf(before, name), textOf(after, name)];
      if (old === now) return '';
      return createTwoFilesPatch(
        name,
        name,
        old,
        now,
        labels?.before,
        labels?.after,
        // The line of "=" that some tools print above is no part of a patch.
        { context: 3, headerOptions: FILE_HEADERS_ONLY },
      );
    })
    .join('');
}

function textOf(texts: readonly PolicyText[], name: string): string {
  const text = texts.find((one) => one.name === name)?.text ?? '';
  // Bytes that are no UTF-8 are shown as they are.
  return decodeText(text) ?? text;
}
