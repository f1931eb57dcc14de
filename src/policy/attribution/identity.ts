// What attribution answers: a user with what is known of it, or why nobody was found.

import type { ByteString } from '../../base/bytes.ts';
import type { Fact } from '../intelligence/fact.ts';
import type { Email } from './email.ts';
import type { AttributionRequest } from './request.ts';
import type { AttributionRule } from './schema.ts';
import type { TokenFault } from './token.ts';

export type AttributionEvidenceKind =
  | TokenFault
  | 'malformed-credentials'
  | 'ambiguous-value'
  | 'overlong-user'
  | 'key-unavailable';

/** Why a rule that found something yielded nothing. Holds no value of the request. */
export interface AttributionEvidence {
  readonly kind: AttributionEvidenceKind;
  /** The rule, as the trace calls it. */
  readonly rule: string;
  readonly text: string;
}

export interface User {
  /** A byte string, never empty. */
  readonly id: ByteString;
  /** A signature was verified, or the policy says that the value is vouched for. */
  readonly isVerified: boolean;
  readonly how: AttributionRule['from'];
}

export interface Identity {
  readonly user: Fact<User>;
  readonly email: Fact<Email>;
  /** From a claim of a token. */
  readonly organisation: Fact<ByteString>;
  readonly roles: Fact<readonly ByteString[]>;
  readonly evidence: readonly AttributionEvidence[];
}

/** What one rule makes of a request. */
export interface Attribution {
  readonly user: User;
  readonly email?: ByteString | undefined;
  readonly organisation?: ByteString | undefined;
  readonly roles?: readonly ByteString[] | undefined;
}

export type RuleAnswer = Attribution | Pick<AttributionEvidence, 'kind' | 'text'> | undefined;
export type CompiledRule = (request: AttributionRequest, nowMs: number) => RuleAnswer;
