// Who is asking, as criteria see it. Each fact is known with its origin, or unknown with the reason, and is
// looked up when it is first asked for.

import type { TransactionView } from '../../model/view.ts';
import type { Email } from '../attribution/email.ts';
import type { User } from '../attribution/identity.ts';
import type { ConnectionType, IpType } from '../document/criteria.ts';
import { type Fact, known, type NotKnown } from '../intelligence/fact.ts';

export interface Region {
  /** ISO 3166-1: `DE`. */
  readonly country: string;
  /** ISO 3166-2 without the country: `CA`. */
  readonly subdivision?: string | undefined;
}

export interface SourceFacts {
  /** The client's address, behind trusted proxies. */
  readonly address: string;
  readonly isInternal: boolean;
  readonly user: Fact<User>;
  readonly email: Fact<Email>;
  readonly organisation: Fact<string>;
  readonly roles: Fact<readonly string[]>;
  readonly region: Fact<Region>;
  readonly asn: Fact<number>;
  readonly connection: Fact<ConnectionType>;
  /** Whether the address, or the user agent for bots and scanners, is of the type. */
  readonly isOfType: (type: IpType | 'scanner') => Fact<boolean>;
  /** 0 (worst) to 100. */
  readonly reputation: Fact<number>;
  readonly isDisposableEmail: Fact<boolean>;
  readonly isLeakedEmail: Fact<boolean>;
  /** 0 to 100 (worst). */
  readonly fraudScore: Fact<number>;
  /** A byte string; undefined when the request has none. */
  readonly userAgent: string | undefined;
  /** What the request claimed of its sender and could not prove, in words without values. */
  readonly evidence: readonly string[];
}

/** Makes the facts of an exchange. Never throws. */
export interface SourceReader {
  /** `request` where a user may stand in the body. */
  readonly userStage: 'head' | 'request';
  readonly read: (view: TransactionView, nowMs: number) => SourceFacts;
}

/** Whether the source is of one of the types: known as soon as one is, or all are known not to be. */
export function isOfTypes(
  { isOfType }: SourceFacts,
  types: readonly (IpType | 'scanner')[],
): Fact<string> {
  let open: NotKnown | undefined;
  let from = '';
  for (const type of types) {
    const fact = isOfType(type);
    if (!fact.known) open ??= fact;
    else if (fact.value) return known(type, fact.from);
    else from = fact.from;
  }
  return open ?? known('', from);
}
