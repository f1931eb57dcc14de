// What the API answers when it cannot do what was asked: a status, a code that clients hold on to, and words.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { jsonReport } from '../../diagnostics/render-json.ts';
import { type EditCode, EditError } from '../../policy/edit/edit-error.ts';

/** Codes are never renamed. */
export type AdminCode =
  | EditCode
  | 'bad-query'
  | 'bad-body'
  | 'bad-if-match'
  | 'body-too-large'
  | 'internal'
  | 'method-not-allowed'
  | 'no-policy'
  | 'no-route'
  | 'precondition-required'
  | 'store-unavailable'
  | 'unauthorized'
  | 'unsupported-media-type';

export interface AdminErrorParts {
  readonly help?: string | undefined;
  readonly diagnostics?: readonly Diagnostic[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export class AdminError extends Error {
  override readonly name: string = 'AdminError';
  readonly status: number;
  readonly code: AdminCode;
  readonly help: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: AdminCode,
    message: string,
    { help, diagnostics = [], headers = {} }: AdminErrorParts = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.help = help;
    this.diagnostics = diagnostics;
    this.headers = headers;
  }
}

const STATUSES: Readonly<Record<EditCode, number>> = Object.freeze({
  'unknown-rule': 404,
  'unknown-revision': 404,
  'unknown-section': 404,
  'ambiguous-rule': 409,
  'name-taken': 409,
  conflict: 412,
  'bad-path': 422,
  'bad-value': 422,
  'invalid-document': 422,
  'unreadable-document': 500,
  'write-failed': 500,
});

/** Undefined for what is a fault of ours. */
export function asAdminError(error: unknown): AdminError | undefined {
  if (error instanceof AdminError) return error;
  if (!(error instanceof EditError)) return undefined;
  const { code, message, help, diagnostics } = error;
  return new AdminError(STATUSES[code], code, message, { help, diagnostics });
}

export function errorBody({ code, message, help, diagnostics }: AdminError): object {
  const found = diagnostics.length === 0 ? {} : jsonReport(diagnostics);
  return { error: { code, message, help: help ?? null }, ...found };
}
