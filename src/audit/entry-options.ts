// What entries of an audit log are told beyond the record.

import type { UtcOffset } from './local-time.ts';

/** Which ModSecurity's layout: tools for Apache read v2's, tools for nginx v3's. */
export type AuditForm = 'v2' | 'v3';

export interface EntryOptions {
  /** Name and version of this engine, for the producer line. */
  readonly producer: string;
  /** A name for this machine in v3's JSON. */
  readonly serverId: string;
  readonly utcOffset?: UtcOffset;
}

export const DEFAULT_ENTRY_OPTIONS: EntryOptions = Object.freeze({
  producer: 'Portcullis',
  serverId: '',
});
