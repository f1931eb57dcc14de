// What a careful HTTP/1.1 server refuses before anything behind it sees the request.
//
// Requests on which two parsers may disagree are refused rather than repaired: the parser behind us
// might repair them another way (request smuggling). One judgement for the reverse proxy and for the
// runner of rule tests, so that a status expected by a test is the status a client would get.
// Bytes that are merely unusual in a target (`<`, `"`, `|`, 0x80-0xFF) pass: rules want to see them.

import type { Pair } from '../model/pair.ts';
import { trimBlanks } from './text.ts';

/** The head as it stood on the wire; what `readRequest` answers fits. */
export interface RequestHeadText {
  /** The request line without its line end. */
  readonly line: string;
  readonly method: string;
  readonly uri: string;
  readonly version: string;
  readonly headers: readonly Pair[];
  /** Header lines without line ends. Left out: only what `headers` can tell is judged. */
  readonly headerLines?: readonly string[] | undefined;
}

/** Stable words, for logs and counters. */
export type HeadFault =
  | 'bad-request-line'
  | 'no-version'
  | 'bad-version'
  | 'unsupported-version'
  | 'bad-method'
  | 'bad-target'
  | 'fragment-in-target'
  | 'bad-header-line'
  | 'folded-header'
  | 'bad-header-name'
  | 'bad-header-value'
  | 'missing-host'
  | 'repeated-host'
  | 'bad-host'
  | 'bad-content-length'
  | 'conflicting-content-length'
  | 'bad-transfer-encoding';

export interface HeadJudgement {
  /** Undefined: pass the request on. */
  readonly reject: HeadFault | undefined;
  /** What to answer when rejecting; 0: close without a word (the client speaks HTTP/0.9). */
  readonly status: number;
  /** Whether rules may still look at the head: its bounds are beyond doubt, only the protocol is not ours. */
  readonly inspect: boolean;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VERSION = /^HTTP\/(\d)(?:\.(\d))?$/;
const TARGET_BYTES = /^[\x21-\x7e\x80-\xff]+$/;
const ABSOLUTE_FORM = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
// RFC 3986 lets a registered name hold %XX. No name in use does, and what it decodes to is anyone's guess.
const HOST = /^(?:\[[0-9A-Fa-fv:.]+\]|[A-Za-z0-9._~!$&'()*+,;=-]+)(?::\d{0,5})?$/;
const AUTHORITY_FORM = /^(?:\[[0-9A-Fa-fv:.]+\]|[A-Za-z0-9._~!$&'()*+,;=-]+):\d{1,5}$/;
// CR, LF and NUL end a value for somebody; the other control bytes are only odd and left to the rules.
const VALUE_BREAKER = /[\x00\r\n]/;

const PASS: HeadJudgement = Object.freeze({ reject: undefined, status: 0, inspect: true });

/** Judges a request head. Never throws; linear in the size of the head. */
export function judgeRequestHead(head: RequestHeadText): HeadJudgement {
  const fault =
    requestLineFault(head) ?? headerFault(head) ?? hostFault(head) ?? framingFault(head);
  if (fault === undefined) return PASS;
  return { reject: fault, status: statusOf(fault), inspect: mayInspect(fault) };
}

function requestLineFault(head: RequestHeadText): HeadFault | undefined {
  const pieces = head.line.split(' ');
  const [method, target, version] = pieces;
  if (method === undefined || target === undefined || target === '') return 'bad-request-line';
  if (!TOKEN.test(method)) return 'bad-method';
  if (version === undefined || (version === '' && pieces.length === 3)) {
    return targetFault(method, target) ?? 'no-version';
  }
  // More than two blanks: where the target ends is a matter of opinion.
  if (pieces.length > 3) return 'bad-request-line';
  const digits = VERSION.exec(version);
  if (digits === null || digits[1] === '0') return 'bad-version';
  return targetFault(method, target) ?? (digits[1] === '1' ? undefined : 'unsupported-version');
}

function targetFault(method: string, target: string): HeadFault | undefined {
  if (!TARGET_BYTES.test(target)) return 'bad-target';
  if (target.includes('#')) return 'fragment-in-target';
  if (method === 'CONNECT') return AUTHORITY_FORM.test(target) ? undefined : 'bad-target';
  if (target.startsWith('/') || ABSOLUTE_FORM.test(target)) return undefined;
  return target === '*' && method === 'OPTIONS' ? undefined : 'bad-target';
}

function headerFault(head: RequestHeadText): HeadFault | undefined {
  for (const line of head.headerLines ?? []) {
    if (line.startsWith(' ') || line.startsWith('\t')) return 'folded-header';
    if (!line.includes(':')) return 'bad-header-line';
    if (VALUE_BREAKER.test(line)) return 'bad-header-value';
  }
  for (const { key, value } of head.headers) {
    // A blank before the colon is no part of a token either; some parsers strip it, some do not.
    if (!TOKEN.test(key)) return 'bad-header-name';
    if (VALUE_BREAKER.test(value)) return 'bad-header-value';
  }
  return undefined;
}

function hostFault(head: RequestHeadText): HeadFault | undefined {
  const hosts = valuesOf(head.headers, 'host');
  if (hosts.length > 1) return 'repeated-host';
  const host = hosts[0];
  const isOldProtocol = head.version === 'HTTP/1.0' || head.version === '';
  if (host === undefined) return isOldProtocol ? undefined : 'missing-host';
  if (host === '') return isOldProtocol ? undefined : 'bad-host';
  return HOST.test(host) ? undefined : 'bad-host';
}

function framingFault(head: RequestHeadText): HeadFault | undefined {
  const lengths = valuesOf(head.headers, 'content-length');
  if (lengths.some((length) => !/^\d{1,18}$/.test(length))) return 'bad-content-length';
  if (new Set(lengths).size > 1) return 'conflicting-content-length';
  const codings = valuesOf(head.headers, 'transfer-encoding');
  if (codings.length === 0) return undefined;
  // Only the plain form: any other coding, list or spelling has been used to hide a body's end.
  if (codings.length > 1 || !/^chunked$/i.test(codings[0]!)) return 'bad-transfer-encoding';
  // A Content-Length beside it has no say (effective-headers.ts).
  return head.version === 'HTTP/1.0' ? 'bad-transfer-encoding' : undefined;
}

function valuesOf(headers: readonly Pair[], lowerName: string): string[] {
  const values: string[] = [];
  for (const { key, value } of headers) {
    if (key.length !== lowerName.length || key.toLowerCase() !== lowerName) continue;
    values.push(trimBlanks(value));
  }
  return values;
}

function statusOf(fault: HeadFault): number {
  if (fault === 'no-version') return 0;
  if (fault === 'unsupported-version') return 505;
  return 400;
}

function mayInspect(fault: HeadFault): boolean {
  return fault === 'no-version' || fault === 'unsupported-version';
}
