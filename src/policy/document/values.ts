// The scalar values of a policy document: durations, sizes, dates, names, patterns, address ranges.
//
// What a document says as text is a number, a list or a checked string from here on; nobody behind the
// document parses units again.

import { z } from 'zod';
import { utf8ByteString } from '../../base/bytes.ts';
import { parsePrefix } from '../../base/ip.ts';
import { domainName } from '../attribution/email.ts';

const UNITS: Readonly<Record<string, number>> = Object.freeze({
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
});

// What `duration` lets by before it is counted: the published schema has only this.
const DURATION =
  /^(?=.*[1-9])(?:(?:\d{1,9}(?:ms|s|m|h|d|w))+|P(?:\d{1,6}W)?(?:\d{1,6}D)?(?:T(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}S)?)?)$/;
const SHORT = /^(?:\d{1,9}(?:ms|s|m|h|d|w))+$/;
const ISO = /^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

/** Milliseconds of `5m`, `1h30m`, `PT5M`, `P1D`; undefined for anything else and for zero. */
export function parseDuration(text: string): number | undefined {
  let sum = 0;
  if (SHORT.test(text)) {
    for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)) {
      sum += Number(count) * (UNITS[unit as string] as number);
    }
  } else {
    const parts = ISO.exec(text);
    if (parts === null) return undefined;
    const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
    sum = (weeks as number) * 604_800_000 + (days as number) * 86_400_000;
    sum +=
      (hours as number) * 3_600_000 + (minutes as number) * 60_000 + (seconds as number) * 1000;
  }
  return sum > 0 && sum <= Number.MAX_SAFE_INTEGER ? sum : undefined;
}

/** `90s`, `5m`, `1h30m`, `2d`: the shortest text that parseDuration reads as the same. */
export function durationText(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = UNITS[unit] as number;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}

const SIZE = /^(\d{1,12})(B|KiB|MiB|GiB|kB|MB|GB)?$/;
const SIZES: Readonly<Record<string, number>> = Object.freeze({
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
});

/** Bytes of `64KiB`; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const parts = SIZE.exec(text);
  if (parts === null) return undefined;
  const bytes = Number(parts[1]) * (SIZES[parts[2] ?? 'B'] as number);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

function read<T>(
  parse: (text: string) => T | undefined,
  expected: string,
): (text: string, context: z.core.$RefinementCtx<string>) => T {
  return (text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `"${text}" is not ${expected}`, input: text });
    return z.NEVER;
  };
}

/** Says what is missing of a number: without a unit it would be anybody's guess. */
function withUnit({ input }: { readonly input?: unknown }): string {
  return typeof input === 'number' && input > 0
    ? `write ${input}s for seconds, ${input}m for minutes, or ${input}h for hours`
    : 'write a duration: 90s, 5m, 1h30m, 2d or PT5M';
}

const DURATION_EXPECTED = 'a duration: write 5m, 1h30m, 2d or PT5M';

/** In milliseconds. */
export const duration: z.ZodType<number, string> = z
  .string({ error: withUnit })
  .regex(DURATION, { error: ({ input }) => `"${String(input)}" is not ${DURATION_EXPECTED}` })
  .transform(read(parseDuration, DURATION_EXPECTED))
  .describe('A duration: 90s, 5m, 1h30m, 2d, or ISO 8601 as in PT5M.');

const INSTANT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;
const INSTANT_EXPECTED = 'a time: write 2026-12-31 or 2026-12-31T23:59:00Z';

function parseInstant(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  // Date.parse takes 30 February for 2 March.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (!day.toISOString().startsWith(text.slice(0, 10))) return undefined;
  return Date.parse(text);
}

/** Milliseconds since the epoch; a date alone is its midnight in UTC. */
export const instant: z.ZodType<number, string> = z
  .string({ error: () => 'write a date in full: 2026-12-31' })
  .regex(INSTANT, { error: ({ input }) => `"${String(input)}" is not ${INSTANT_EXPECTED}` })
  .transform(read(parseInstant, INSTANT_EXPECTED))
  .describe('A date, or a time with its zone: 2026-12-31T23:59:00Z.');

/** Names are what logs, decisions and commands call a rule; they stay on one line. */
export const name: z.ZodType<string, string> = z
  .string()
  .min(1, 'is empty; give it a name')
  .max(128, 'is longer than 128 characters')
  .regex(/^[^\p{Cc}]*$/u, 'has control characters');

// For editors; `parsePrefix` has the last word on IPv6.
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS_RANGE = `^(?:${OCTET}(?:\\.${OCTET}){3}(?:/(?:3[0-2]|[12]?\\d))?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(?:/(?:12[0-8]|1[01]\\d|\\d?\\d))?)$`;

/** An address or a range in CIDR form, kept as written. */
export const addressRange: z.ZodType<string, string> = z
  .string({ error: () => 'write an address or a range: 203.0.113.7, 192.168.1.0/24' })
  .refine((text) => parsePrefix(text) !== null, {
    error: (issue) =>
      `"${String(issue.input)}" is neither an address nor a range like 192.168.1.0/24`,
  })
  .meta({
    description: 'An address or a range: 203.0.113.7, 192.168.1.0/24, 2001:db8::/32.',
    pattern: ADDRESS_RANGE,
  });

/** ISO 3166: a country `DE` or a subdivision `US-CA`, in capitals. */
export const region: z.ZodType<string, string> = z
  .string()
  .regex(/^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/, {
    error: (issue) =>
      `"${String(issue.input)}" is not a region: write DE, or US-CA for a subdivision`,
  })
  .describe('ISO 3166: DE, or US-CA.');

/** In lower case, and in Punycode where it is not ASCII, as the domains of users are. */
export const domain: z.ZodType<string, string> = z
  .string()
  .regex(
    /^(?=.{1,253}$)(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?\.)*[\p{L}\p{N}_-]{1,63}$/u,
    {
      error: (issue) => `"${String(issue.input)}" is not a domain name: write example.com`,
    },
  )
  .transform((text) => domainName(utf8ByteString(text)) ?? text.toLowerCase())
  .describe('A domain name; subdomains do not count unless they are listed.');

/** Checked when the rule is compiled, where its place is known. */
export const pattern: z.ZodType<string, string> = z
  .string()
  .min(1, 'is empty; an empty pattern would match everything')
  .describe('A regular expression in PCRE syntax, run in linear time. (?i) in front ignores case.');
