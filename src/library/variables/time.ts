// The clock, in local time, as it stood when the transaction began.

import type { VariableDefinition } from '../../model/variable.ts';
import type { TransactionView } from '../../model/view.ts';
import { scalar } from './define.ts';

const two = (value: number): string => String(value).padStart(2, '0');
const date = (view: TransactionView): Date => new Date(view.startedMs);

/** `YYYYMMDDhhmmss`, as ModSecurity v2 has it. */
function stamp(now: Date): string {
  return [
    now.getFullYear(),
    ...[now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds()].map(
      two,
    ),
  ].join('');
}

export const timeVariables: readonly VariableDefinition[] = [
  scalar('TIME', 1, 'Time of day, HH:MM:SS.', (view) => {
    const now = date(view);
    if (view.settings.behaviour.timeFormat === 'stamp') return stamp(now);
    return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  }),
  scalar('TIME_HOUR', 1, 'Hour, 00-23.', (view) => two(date(view).getHours())),
  scalar('TIME_MIN', 1, 'Minute, 00-59.', (view) => two(date(view).getMinutes())),
  scalar('TIME_SEC', 1, 'Second, 00-59.', (view) => two(date(view).getSeconds())),
  scalar('TIME_DAY', 1, 'Day of the month, 01-31.', (view) => two(date(view).getDate())),
  scalar('TIME_MON', 1, 'Month, 01-12.', (view) => two(date(view).getMonth() + 1)),
  scalar('TIME_WDAY', 1, 'Day of the week, 0 (Sunday) to 6.', (view) =>
    String(date(view).getDay()),
  ),
  scalar('TIME_YEAR', 1, 'Year, four digits.', (view) => String(date(view).getFullYear())),
  scalar('TIME_EPOCH', 1, 'Seconds since 1970.', (view) =>
    String(Math.floor(view.startedMs / 1000)),
  ),
  scalar('DURATION', 1, 'Microseconds since the transaction began.', (view) => {
    const us = Math.max(0, Math.round((view.nowMs() - view.startedMs) * 1000));
    const inSeconds = view.settings.behaviour.duration === 'seconds';
    return inSeconds ? (us / 1_000_000).toFixed(6) : String(us);
  }),
];
