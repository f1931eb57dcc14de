// Asks operators outside of a transaction, those whose answer follows from a value and the argument alone.

import {
  type CompiledOperator,
  MatchLimitError,
  type OperatorTransaction,
} from '../model/operator.ts';
import { DEFAULT_SETTINGS } from '../model/settings.ts';
import type { BodyView } from '../model/view.ts';

/** None of these operators looks at it. */
const NO_BODY: BodyView = Object.freeze({
  processor: '',
  text: undefined,
  length: undefined,
  error: false,
  errorMessage: '',
  processorError: false,
  processorErrorMessage: '',
  inboundDataError: false,
  files: [],
  fileNames: [],
  multipart: undefined,
  dtd: [],
  xpath: () => [],
  hasXml: false,
});

const NO_TRANSACTION: OperatorTransaction = Object.freeze({
  setGeo() {},
  addPathArguments() {},
  rawBody: undefined,
  body: NO_BODY,
  settings: DEFAULT_SETTINGS,
  tell() {},
});

/** What the operator says of the value, before negation; undefined where a budget ran out. `argument` is expanded. */
export function loneAnswer(
  compiled: CompiledOperator,
  argument: string,
  value: string,
): boolean | undefined {
  const run = {
    capturing: false,
    captures: [],
    argument,
    detail: '',
    transaction: NO_TRANSACTION,
  };
  try {
    return compiled.evaluate(value, run);
  } catch (error) {
    if (error instanceof MatchLimitError) return undefined;
    throw error;
  }
}
