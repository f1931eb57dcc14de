// What a client sees of a block: a status, a plain page, and the id under which the logs have the rest.
//
// Nothing on the page says which rule matched: that would be a lesson in how to get around it.

import type { Decision } from '../model/decision.ts';
import type { Header } from '../model/exchange.ts';

export interface BlockedResponse {
  /** 0: close the connection without an answer. */
  readonly status: number;
  readonly headers: readonly Header[];
  /** A byte string. */
  readonly content: string;
}

// Node's own table is not at hand where the fetch adapter runs.
const TITLES: ReadonlyMap<number, string> = new Map([
  [302, 'Found'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [406, 'Not Acceptable'],
  [408, 'Request Timeout'],
  [413, 'Content Too Large'],
  [414, 'URI Too Long'],
  [417, 'Expectation Failed'],
  [429, 'Too Many Requests'],
  [431, 'Request Header Fields Too Large'],
  [500, 'Internal Server Error'],
  [501, 'Not Implemented'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
  [505, 'HTTP Version Not Supported'],
]);

/** Closes the connection without an answer. */
export const NO_ANSWER: BlockedResponse = Object.freeze({ status: 0, headers: [], content: '' });

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The response to a decision whose effect is to block. */
export function blockedResponse(decision: Decision, id: string): BlockedResponse {
  const { interruption } = decision;
  const status = decision.status ?? interruption?.status ?? 403;
  if (interruption?.action === 'drop' || status === 0) {
    return NO_ANSWER;
  }
  if (interruption?.action === 'redirect' && interruption.url !== undefined) {
    const location: Header = ['Location', locationValue(interruption.url)];
    return page(REDIRECTS.has(status) ? status : 302, id, [location]);
  }
  // A rule may name any number; an interim or unknown status would leave the client waiting.
  return page(status >= 200 && status <= 599 ? status : 403, id, []);
}

/** The plain page for a status the front end answers by itself: malformed requests, gateway failures. */
export function statusResponse(status: number, id: string): BlockedResponse {
  return page(status, id, []);
}

function page(status: number, id: string, extra: readonly Header[]): BlockedResponse {
  const title = `${status} ${TITLES.get(status) ?? 'Blocked'}`;
  const html =
    `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>\n` +
    `<body><h1>${title}</h1><p>This request was not answered. ` +
    `If you think that is a mistake, mention this id: <code>${escapeHtml(id)}</code></p></body></html>\n`;
  const headers: Header[] = [
    ['Content-Type', 'text/html; charset=utf-8'],
    ['Cache-Control', 'no-store'],
    ...extra,
  ];
  return { status, headers, content: html };
}

// The target may hold expanded macros, that is, bytes the client chose: no control byte, blank or
// high byte may reach the header line.
function locationValue(url: string): string {
  return url.replace(
    /[^\x21-\x7e]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[^\w.@-]/g, (char) => `&#${char.charCodeAt(0)};`);
}
