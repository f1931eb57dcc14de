// What non-disruptive actions may change in a running transaction.

import type { Masks, MatchedMask } from './masks.ts';
import type { OperatorTransaction } from './operator.ts';
import type { ProgramCall } from './outside.ts';
import type { AuditEngineMode, EngineMode, XmlIntoArgs } from './settings.ts';
import type { ExpiringCollection, MutableCollection, TransactionView } from './view.ts';

/** Which rules an exclusion means. Patterns are searched, as ModSecurity v2 does. */
export type RuleSelector =
  | { readonly by: 'id'; readonly ranges: readonly (readonly [low: number, high: number])[] }
  | { readonly by: 'tag' | 'msg'; readonly matches: (text: string) => boolean };

/** In place of the name of a variable: the exclusion looks at keys alone. */
export const ANY_VARIABLE = '*';

/** Which elements an exclusion takes from a rule's targets. */
export interface TargetExclusion {
  /** Variable name, upper case. */
  readonly variable: string;
  /** Undefined: the whole variable. Lower case for literals. */
  readonly key: string | undefined;
  readonly matches: ((key: string) => boolean) | undefined;
  /** What `matches` was made of: the same for all that do the same. Left out where nothing is known of it. */
  readonly pattern?: string;
}

export interface TransactionControl extends TransactionView, OperatorTransaction {
  /** Records something that could not be done. */
  fail(code: string, message: string): void;
  /** TX or an opened persistent collection; undefined when there is none of that name. */
  mutable(collection: string): MutableCollection | undefined;
  /** An opened persistent collection; undefined when there is none of that name. */
  expiring(collection: string): ExpiringCollection | undefined;
  readonly mutableEnv: MutableCollection;
  setRuleEngine(mode: EngineMode): void;
  setAuditEngine(mode: AuditEngineMode): void;
  /** `+X`, `-X` or a whole list. */
  changeAuditLogParts(change: string): void;
  setRequestBodyAccess(on: boolean): void;
  setResponseBodyAccess(on: boolean): void;
  setRequestBodyLimit(bytes: number): void;
  setResponseBodyLimit(bytes: number): void;
  setRequestBodyProcessor(name: string): void;
  setForceRequestBodyVariable(on: boolean): void;
  setParseXmlIntoArgs(mode: XmlIntoArgs): void;
  /** Keeps the values of that name out of the audit log. */
  mask(part: Exclude<keyof Masks, 'matched'>, name: string): void;
  maskMatched(mask: MatchedMask): void;
  removeRules(selector: RuleSelector): void;
  removeTargets(selector: RuleSelector, exclusion: TargetExclusion): void;
  /** SESSIONID and USERID. */
  setSessionId(id: string): void;
  setUserId(id: string): void;
  /**
   * Opens a persistent collection for the rest of the transaction, unless it is open already. An empty key
   * opens nothing: it would be shared by all who lack one.
   */
  openCollection(name: string, key: string): void;
  /** Starts a program that nobody waits for. */
  startProgram(call: ProgramCall): void;
}
