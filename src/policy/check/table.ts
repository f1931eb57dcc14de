// A table in another order has every row once and ends with the fallback.

import { type DecisionRow, ROWS } from '../../model/decision.ts';
import type { Reporter } from './reporter.ts';

export function checkTable(reporter: Reporter): void {
  const { table } = reporter.document;
  if (table === undefined) return;
  const missing = ROWS.filter((row) => !table.includes(row));
  const twice = table.filter((row, index) => table.indexOf(row) !== index);
  const at = (row: DecisionRow): number => table.lastIndexOf(row);
  if (missing.length > 0) {
    reporter.error(table, [], {
      code: 'policy-table',
      message: `the table has no ${missing.map((row) => `"${row}"`).join(', ')}`,
      help: 'list every row: the order says which one decides, and none can be left out',
    });
  }
  for (const row of twice) {
    reporter.error(table, [at(row)], {
      code: 'policy-table',
      message: `the row "${row}" stands twice`,
      help: 'remove one of the two',
    });
  }
  if (missing.length === 0 && table.at(-1) !== 'fallback') {
    reporter.error(table, [at('fallback')], {
      code: 'policy-table',
      message: 'rows behind "fallback" are never reached',
      help: 'put it last',
    });
  }
}
