// Drives the machine and the reference interpreter through the same exchange and compares all they found.

import type { Transaction } from '../../src/model/transaction.ts';
import type { Verdict } from '../../src/model/verdict.ts';

/** What two verdicts must agree on: everything but the object identities. */
export function comparable(verdict: Verdict): string {
  const { interruption, matches, scores, errors } = verdict;
  return JSON.stringify({
    interruption,
    scores,
    errors,
    matches: matches.map(({ rule, ...match }) => ({ id: rule.id, ...match })),
  });
}

/**
 * A transaction that answers as `machine` does and calls `differs` when `reference` ends with another
 * verdict. Both must have been created with the same id and time.
 */
export function pairedTransaction(
  machine: Transaction,
  reference: Transaction,
  differs: (machine: string, reference: string) => void,
): Transaction {
  return {
    id: machine.id,
    connection(facts) {
      machine.connection(facts);
      reference.connection(facts);
      return this;
    },
    requestHead: (head) => {
      reference.requestHead(head);
      return machine.requestHead(head);
    },
    requestBody: (chunk) => {
      reference.requestBody(chunk);
      return machine.requestBody(chunk);
    },
    endRequest: () => {
      reference.endRequest();
      return machine.endRequest();
    },
    responseHead: (head) => {
      reference.responseHead(head);
      return machine.responseHead(head);
    },
    responseBody: (chunk) => {
      reference.responseBody(chunk);
      return machine.responseBody(chunk);
    },
    endResponse: () => {
      reference.endResponse();
      return machine.endResponse();
    },
    finish: () => {
      const verdict = machine.finish();
      const [found, expected] = [comparable(verdict), comparable(reference.finish())];
      if (found !== expected) differs(found, expected);
      return verdict;
    },
    get wantsRequestBody() {
      return machine.wantsRequestBody;
    },
    get wantsResponseBody() {
      return machine.wantsResponseBody;
    },
  };
}
