// A transaction without an engine: it records the steps and matches what a function says.

import type { RequestHead, ResponseHead } from '../../src/model/exchange.ts';
import type { Interruption } from '../../src/model/interruption.ts';
import type { BodyChunk, Transaction } from '../../src/model/transaction.ts';
import type { RuleMatch } from '../../src/model/verdict.ts';

export interface SeenExchange {
  readonly head: RequestHead;
  readonly body: string;
  readonly response: ResponseHead | undefined;
  readonly responseBody: string;
  readonly steps: readonly string[];
}

export function ruleMatch(id: number, fields: Partial<RuleMatch> = {}): RuleMatch {
  return {
    rule: {
      id,
      phase: 2,
      file: 'rules/a.conf',
      line: 10,
      rev: '',
      ver: 'OWASP_CRS/4.0.0',
      severity: 2,
      maturity: 0,
      accuracy: 0,
    },
    phase: 2,
    message: 'A message',
    data: 'Matched Data: x found within ARGS:a: x',
    tags: ['paranoia-level/1'],
    variable: 'ARGS:a',
    value: 'x',
    evidence: 'Pattern match "x" at ARGS:a.',
    logged: true,
    audited: true,
    disruptive: undefined,
    ...fields,
  };
}

export interface FakeRules {
  readonly matches?: (seen: SeenExchange) => readonly RuleMatch[];
  readonly interruption?: (seen: SeenExchange) => Interruption | null;
  readonly onFinish?: (seen: SeenExchange) => void;
}

export function fakeTransaction(rules: FakeRules = {}): Transaction {
  const steps: string[] = [];
  let head: RequestHead = { method: '', uri: '', version: '', headers: [] };
  let response: ResponseHead | undefined;
  let body = '';
  let responseBody = '';
  const text = (chunk: BodyChunk): string =>
    typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
  const seen = (): SeenExchange => ({ head, body, response, responseBody, steps });
  const interruption = (): Interruption | null => rules.interruption?.(seen()) ?? null;
  return {
    id: 'fake-id',
    wantsRequestBody: true,
    wantsResponseBody: true,
    connection() {
      steps.push('connection');
      return this;
    },
    requestHead(given) {
      steps.push('requestHead');
      head = given;
      return null;
    },
    requestBody(chunk) {
      steps.push('requestBody');
      body += text(chunk);
      return null;
    },
    endRequest() {
      steps.push('endRequest');
      return interruption();
    },
    responseHead(given) {
      steps.push('responseHead');
      response = given;
      return null;
    },
    responseBody(chunk) {
      steps.push('responseBody');
      responseBody += text(chunk);
      return null;
    },
    endResponse() {
      steps.push('endResponse');
      return interruption();
    },
    finish() {
      steps.push('finish');
      rules.onFinish?.(seen());
      return {
        id: 'fake-id',
        interruption: interruption(),
        matches: rules.matches?.(seen()) ?? [],
        scores: { inbound: 0, outbound: 0 },
        errors: [],
      };
    },
  };
}
