// A stand-in for a waf: records the calls of every exchange and blocks where the test says so.

import type { ExchangeSource } from '../../../src/adapters/exchange-source.ts';
import type { Decision } from '../../../src/model/decision.ts';
import type { ConnectionFacts, RequestHead, ResponseHead } from '../../../src/model/exchange.ts';
import type { InterruptionAction } from '../../../src/model/interruption.ts';
import type { BodyChunk, BodyRedaction, Exchange } from '../../../src/model/transaction.ts';

export const ALLOW: Decision = {
  effect: 'allow',
  row: 'fallback',
  status: undefined,
  interruption: null,
  trace: [],
};

export function block(
  status = 403,
  action: InterruptionAction = 'deny',
  url?: string | undefined,
): Decision {
  const interruption = {
    rule: 42,
    phase: 2,
    action,
    status,
    ...(url === undefined ? {} : { url }),
  };
  return {
    effect: 'block',
    row: 'signature-block',
    status,
    interruption: interruption as Decision['interruption'],
    trace: [],
  };
}

export interface Seen {
  connection: ConnectionFacts;
  request: RequestHead;
  requestBody: string;
  response: ResponseHead | undefined;
  responseBody: string;
  /** Bodies whose rest passed unseen. */
  cut: ('request' | 'response')[];
  calls: string[];
}

export interface FakeRules {
  readonly requestHead?: (head: RequestHead) => Decision;
  readonly requestBody?: (soFar: string) => Decision;
  readonly endRequest?: (seen: Seen) => Decision;
  readonly responseHead?: (head: ResponseHead) => Decision;
  readonly endResponse?: (seen: Seen) => Decision;
  readonly finish?: () => void;
  readonly redaction?: () => BodyRedaction;
  readonly wantsRequestBody?: boolean | ((seen: Seen) => boolean);
  readonly wantsResponseBody?: boolean | ((seen: Seen) => boolean);
}

export interface FakeSource extends ExchangeSource {
  readonly seen: Seen[];
}

export function fakeSource(rules: FakeRules = {}): FakeSource {
  const seen: Seen[] = [];
  return { seen, exchange: () => fakeExchange(rules, seen) };
}

function fakeExchange(rules: FakeRules, all: Seen[]): Exchange {
  const seen: Seen = {
    connection: {},
    request: { method: '', uri: '', version: '', headers: [] },
    requestBody: '',
    response: undefined,
    responseBody: '',
    cut: [],
    calls: [],
  };
  all.push(seen);
  const id = `id-${all.length}`;
  let decision = ALLOW;
  const exchange: Exchange = {
    id,
    connection(facts) {
      seen.connection = facts;
      return exchange;
    },
    requestHead(head) {
      seen.calls.push('requestHead');
      seen.request = head;
      decision = rules.requestHead?.(head) ?? ALLOW;
      return decision;
    },
    requestBody(chunk) {
      seen.requestBody += bytes(chunk);
      decision = rules.requestBody?.(seen.requestBody) ?? ALLOW;
      return decision;
    },
    endRequest({ isCut = false } = {}) {
      if (isCut) seen.cut.push('request');
      seen.calls.push('endRequest');
      decision = rules.endRequest?.(seen) ?? ALLOW;
      return decision;
    },
    responseHead(head) {
      seen.calls.push('responseHead');
      seen.response = head;
      decision = rules.responseHead?.(head) ?? ALLOW;
      return decision;
    },
    responseBody(chunk) {
      seen.responseBody += bytes(chunk);
      return ALLOW;
    },
    endResponse({ isCut = false } = {}) {
      if (isCut) seen.cut.push('response');
      seen.calls.push('endResponse');
      decision = rules.endResponse?.(seen) ?? ALLOW;
      return decision;
    },
    finish() {
      seen.calls.push('finish');
      rules.finish?.();
      const verdict = {
        id,
        interruption: decision.interruption,
        matches: [],
        scores: { inbound: 0, outbound: 0 },
        errors: [],
      };
      return { verdict, decision, events: [] };
    },
    get redaction() {
      return rules.redaction?.();
    },
    get wantsRequestBody() {
      return wants(rules.wantsRequestBody, seen);
    },
    get wantsResponseBody() {
      return wants(rules.wantsResponseBody, seen);
    },
  };
  return exchange;
}

function wants(rule: boolean | ((seen: Seen) => boolean) | undefined, seen: Seen): boolean {
  return typeof rule === 'function' ? rule(seen) : (rule ?? true);
}

function bytes(chunk: BodyChunk): string {
  return typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
}
