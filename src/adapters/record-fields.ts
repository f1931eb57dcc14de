// The fields of an exchange record, and which of those that a record has nobody reads.
//
// The format lets a record carry what it likes. But a `timeMs` where `time` was meant would have it judged
// without what its author meant, so readers can tell of names that are none.

import { utf8ByteString } from '../base/bytes.ts';
import { displayed } from '../diagnostics/code-points.ts';
import { suggest } from '../diagnostics/suggest.ts';

export type Fields = Readonly<Record<string, unknown>>;

const ENDPOINT: ReadonlySet<string> = new Set(['address', 'port']);

/** Names by the object that they stand in; '' is the record itself. */
const KNOWN: Readonly<Record<string, ReadonlySet<string>>> = Object.freeze({
  '': new Set([
    'id',
    'method',
    'uri',
    'version',
    'headers',
    'line',
    'body',
    'body_b64',
    'client',
    'server',
    'time',
    'response',
  ]),
  'client.': ENDPOINT,
  'server.': ENDPOINT,
  'response.': new Set(['status', 'version', 'headers', 'body', 'body_b64']),
});

/** What other formats call it, in lower case and without punctuation. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['base64', 'body_b64'],
  ['body64', 'body_b64'],
  ['bodybase64', 'body_b64'],
  ['clientip', 'client'],
  ['code', 'status'],
  ['content', 'body'],
  ['data', 'body'],
  ['date', 'time'],
  ['host', 'address'],
  ['httpversion', 'version'],
  ['ip', 'address'],
  ['path', 'uri'],
  ['payload', 'body'],
  ['postdata', 'body'],
  ['protocol', 'version'],
  ['querystring', 'uri'],
  ['remoteaddr', 'client'],
  ['reply', 'response'],
  ['requestbody', 'body'],
  ['requestheaders', 'headers'],
  ['requestline', 'line'],
  ['requestmethod', 'method'],
  ['requesturi', 'uri'],
  ['serverip', 'server'],
  ['sourceip', 'client'],
  ['starteddatetime', 'time'],
  ['statuscode', 'status'],
  ['target', 'uri'],
  ['timestamp', 'time'],
  ['ts', 'time'],
  ['verb', 'method'],
]);

/** Names that begin so are the author's own. */
const OWN = '_';
const LONGEST_SHOWN = 64;

/** Calls `tell` with the path of each field that is not read: `timeMs`, `response.header`. */
export function eachUnread(record: Fields, tell: (path: string) => void): void {
  for (const prefix in KNOWN) {
    const object = prefix === '' ? record : record[prefix.slice(0, -1)];
    if (typeof object !== 'object' || object === null) continue;
    const known = KNOWN[prefix] as ReadonlySet<string>;
    for (const name in object) {
      if (!known.has(name) ? !name.startsWith(OWN) : isUnreadBody(name, object as Fields)) {
        tell(prefix + name);
      }
    }
  }
}

function isUnreadBody(name: string, object: Fields): boolean {
  if (name !== 'body' || typeof object['body_b64'] === 'string') return false;
  const value = object['body'];
  return typeof value !== 'string' && value !== null;
}

/** What to say of a path that `eachUnread` told of: what it is, and what was expected. */
export function describeUnread(path: string): string {
  const prefix = Object.keys(KNOWN).findLast((one) => path.startsWith(one)) ?? '';
  const known = KNOWN[prefix] as ReadonlySet<string>;
  const name = path.slice(prefix.length);
  const shown = displayed(utf8ByteString(path.slice(0, LONGEST_SHOWN)));
  if (known.has(name)) {
    return `"${shown}" is not read because it is not a string: give a text, or its Base64 as "${prefix}body_b64"`;
  }
  const alias = ALIASES.get(name.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const meant = alias !== undefined && known.has(alias) ? alias : suggest(name, known);
  const help =
    meant === undefined
      ? `expected ${[...known].join(', ')}, or "${OWN}" in front of a name of your own`
      : `did you mean "${prefix}${meant}"?`;
  return `"${shown}" is no field of an exchange record and is not read: ${help}`;
}
