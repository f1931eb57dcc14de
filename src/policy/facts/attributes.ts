// The facts about a source that conditions can name.

/** As `attribute:` spells them. */
export const ATTRIBUTES: readonly string[] = Object.freeze([
  'address',
  'asn',
  'connection',
  'country',
  'email',
  'emailDomain',
  'fraudScore',
  'ipType',
  'organisation',
  'region',
  'reputation',
  'role',
  'user',
  'userAgent',
  'userVerified',
]);
