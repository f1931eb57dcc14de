// Policies in tests: a document, requests at given times, and the decisions.

import type { Decision } from '../../src/model/decision.ts';
import type { ExchangeRecord, Header } from '../../src/model/exchange.ts';
import type { PolicyEvent } from '../../src/model/policy-event.ts';
import type { SyncStore } from '../../src/state/store.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { definePolicy, type PolicyOptions } from '../../src/waf/policy.ts';

export const START = Date.UTC(2026, 10, 21, 10);

export interface Asked {
  readonly method?: string;
  readonly uri?: string;
  readonly user?: string;
  readonly address?: string;
  /** Milliseconds behind START. */
  readonly at?: number;
  readonly headers?: readonly Header[];
  /** The headers bring a Host of their own. */
  readonly replacesHost?: boolean;
  readonly body?: string;
  readonly response?: ExchangeRecord['response'];
}

export interface Answer extends Pick<Decision, 'effect' | 'row' | 'rule' | 'status'> {
  readonly decision: Decision;
  readonly events: readonly PolicyEvent[];
  /** The reason that the trace gives for a row. */
  readonly reason: (row: Decision['row']) => string | undefined;
}

export interface PolicyUnderTest {
  readonly ask: (asked?: Asked) => Answer;
}

/** Users come from the header X-User; lists of packages are off. */
export function policyUnderTest(
  document: object,
  options: PolicyOptions & { readonly rules?: string; readonly state?: SyncStore } = {},
): PolicyUnderTest {
  const { rules = '', state, ...policyOptions } = options;
  const policy = definePolicy(
    {
      attribution: [{ from: 'header', name: 'X-User', trusted: true }],
      intelligence: {
        disposableDomains: { package: false },
        bots: { package: false },
        scanners: { package: false },
      },
      ...document,
    },
    policyOptions,
  );
  const waf = createWaf({
    rules: `SecRuleEngine On\nSecRequestBodyAccess On\n${rules}\n`,
    policy,
    ...(state !== undefined && { state }),
  });
  return {
    ask: ({
      method = 'GET',
      uri = '/',
      user,
      address = '203.0.113.7',
      at = 0,
      headers = [],
      replacesHost = false,
      body,
      response,
    } = {}) => {
      const outcome = waf.inspect({
        method,
        uri,
        version: 'HTTP/1.1',
        headers: [
          ...(replacesHost ? [] : [['Host', 'shop.test'] as const]),
          ...(user === undefined ? [] : [['X-User', user] as const]),
          ...headers,
        ],
        body,
        client: { address, port: 1 },
        timeMs: START + at,
        response,
      });
      const { decision, events } = outcome;
      const { effect, row, rule, status } = decision;
      return {
        effect,
        row,
        rule,
        status,
        decision,
        events,
        reason: (wanted) => decision.trace.find((one) => one.row === wanted)?.reason,
      };
    },
  };
}
