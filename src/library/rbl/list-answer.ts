// What the entry of a DNS block list means. Each list has codes of its own in the last octets of 127.x.y.z.

export type ListAnswer =
  | { readonly kind: 'absent' }
  /** The list does not answer this name server, or not so many questions. */
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'listed';
      /** In words, where the list's codes are known. */
      readonly meaning: string | undefined;
      /** The words go on with figures, as those of Project Honey Pot do. */
      readonly hasFacts: boolean;
    };

type Octets = readonly [number, number, number, number];
type Read = (octets: Octets) => ListAnswer;

const ABSENT: ListAnswer = Object.freeze({ kind: 'absent' });
const listed = (meaning: string | undefined, hasFacts = false): ListAnswer => ({
  kind: 'listed',
  meaning,
  hasFacts,
});

/** Bits 1, 2 and 4 of the type; none of them is a search engine. */
const HTTP_BL_TYPES: readonly string[] = [
  'Search Engine',
  'Suspicious IP',
  'Harvester IP',
  'Suspicious harvester IP',
  'Comment spammer IP',
  'Suspicious comment spammer IP',
  'Harvester and comment spammer IP',
  'Suspicious harvester comment spammer IP',
];

const httpBl: Read = ([, days, score, type]) => {
  const kind = HTTP_BL_TYPES[type];
  if (kind === undefined) return listed(undefined);
  // A search engine's octets are its number, not its age and threat.
  if (type === 0) return listed(`${kind}: 0 days since last activity, threat score 0`, true);
  return listed(`${kind}: ${days} days since last activity, threat score ${score}`, true);
};

const spamhaus: Read = ([, second, third, code]) => {
  if (second === 255 && third === 255) {
    return { kind: 'refused', reason: 'Spamhaus does not answer this name server' };
  }
  if (code === 2 || code === 3) return listed('Static UBE sources');
  if (code >= 4 && code <= 7) return listed('Illegal 3rd party exploits');
  if (code === 10 || code === 11) return listed('Delivering unauthenticated SMTP email');
  return listed(undefined);
};

/** Bits: 2 black, 4 grey, 8 red; 1 says that the question was not answered. */
const uribl: Read = ([, , , code]) => {
  if ((code & 1) !== 0)
    return { kind: 'refused', reason: 'URIBL does not answer this name server' };
  const names = [
    ...((code & 2) !== 0 ? ['BLACK'] : []),
    ...((code & 4) !== 0 ? ['GREY'] : []),
    ...((code & 8) !== 0 ? ['RED'] : []),
  ];
  return listed(names.length === 0 ? undefined : names.join(','));
};

const unknownList: Read = () => listed(undefined);

const LISTS: readonly (readonly [domain: string, read: Read])[] = [
  ['httpbl.org', httpBl],
  ['spamhaus.org', spamhaus],
  ['uribl.com', uribl],
];

/** What the addresses mean that the list's zone has for a name. */
export function listAnswer(zone: string, addresses: readonly string[]): ListAnswer {
  const read =
    LISTS.find(([domain]) => zone === domain || zone.endsWith(`.${domain}`))?.[1] ?? unknownList;
  const answers = addresses.flatMap((address) => {
    const octets = address.split('.').map(Number);
    return octets.length === 4 && octets[0] === 127 ? [read(octets as unknown as Octets)] : [];
  });
  return answers.find(({ kind }) => kind === 'listed') ?? answers[0] ?? ABSENT;
}
