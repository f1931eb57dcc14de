// Points in time as logs write them, in the time of this machine or at a given offset.

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

/** Minutes east of Greenwich; undefined: as this machine is set. */
export type UtcOffset = number | undefined;

interface Fields {
  readonly year: string;
  readonly month: string;
  readonly monthName: string;
  readonly day: string;
  readonly dayOfMonth: number;
  readonly weekday: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly offsetMinutes: number;
}

function fields(ms: number, offset: UtcOffset): Fields {
  const offsetMinutes = offset ?? -new Date(ms).getTimezoneOffset();
  const date = new Date(ms + offsetMinutes * 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    year: String(date.getUTCFullYear()),
    month: two(date.getUTCMonth() + 1),
    monthName: MONTHS[date.getUTCMonth()] ?? '',
    day: two(date.getUTCDate()),
    dayOfMonth: date.getUTCDate(),
    weekday: DAYS[date.getUTCDay()] ?? '',
    hour: two(date.getUTCHours()),
    minute: two(date.getUTCMinutes()),
    second: two(date.getUTCSeconds()),
    offsetMinutes,
  };
}

/** `22/Aug/2009:13:24:20 +0100` */
export function clfTime(ms: number, offset?: UtcOffset): string {
  const { day, monthName, year, hour, minute, second, offsetMinutes } = fields(ms, offset);
  const size = Math.abs(offsetMinutes);
  const zone = String(Math.floor(size / 60) * 100 + (size % 60)).padStart(4, '0');
  const sign = offsetMinutes < 0 ? '-' : '+';
  return `${day}/${monthName}/${year}:${hour}:${minute}:${second} ${sign}${zone}`;
}

/** `Tue Mar 12 10:00:00 2024`, the day padded with a blank, as C's asctime. */
export function ascTime(ms: number, offset?: UtcOffset): string {
  const { weekday, monthName, dayOfMonth, hour, minute, second, year } = fields(ms, offset);
  return `${weekday} ${monthName} ${String(dayOfMonth).padStart(2, ' ')} ${hour}:${minute}:${second} ${year}`;
}

export interface PathTime {
  /** `20240312` */
  readonly day: string;
  /** `20240312-1000` */
  readonly minute: string;
  /** `20240312-100000` */
  readonly second: string;
}

export function pathTime(ms: number, offset?: UtcOffset): PathTime {
  const at = fields(ms, offset);
  const day = `${at.year}${at.month}${at.day}`;
  const minute = `${day}-${at.hour}${at.minute}`;
  return { day, minute, second: `${minute}${at.second}` };
}
