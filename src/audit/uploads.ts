// Parts J and K: the files of a request, and the text of the rules that matched.

import type { TransactionRecord, UploadRecord } from '../model/transaction-record.ts';
import { escapeLogText } from './error-log-line.ts';
import { oneLine } from './text.ts';

/** `1,512,"photo.jpg","image/jpeg"` for each file, and the sum of their sizes. */
export function uploadsText(uploads: readonly UploadRecord[]): string {
  const lines = uploads.map(({ index, size, filename, contentType }) => {
    const type = escapeLogText(contentType ?? '<Unknown ContentType>');
    return `${index},${size},"${escapeLogText(filename)}","${type}"\n`;
  });
  return `${lines.join('')}Total,${totalSize(uploads)}\n`;
}

export function totalSize(uploads: readonly UploadRecord[]): number {
  return uploads.reduce((sum, { size }) => sum + size, 0);
}

/** Every rule that matched, logged or not, with its chain; an empty line behind each. */
export function matchedRulesText(record: TransactionRecord): string {
  return record.matches
    .map((match) => {
      const links = record.ruleText(match).map(({ text }) => `${oneLine(text)}\n`);
      return links.length === 0 ? '' : `${links.join('')}\n`;
    })
    .join('');
}
