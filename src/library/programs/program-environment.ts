// What a program that a rule runs finds in its environment: the variables of CGI, as in ModSecurity v2.
//
// Left out on purpose: credentials; `Proxy`, which libraries take for their own HTTP_PROXY; and what rules set with
// setenv, because names such as LD_PRELOAD would turn a rule set into code.

import type { ByteString } from '../../base/bytes.ts';
import type { TransactionView } from '../../model/view.ts';

/** What a system takes is limited for all variables and arguments together. */
const MOST_BYTES = 64 * 1024;
const NOT_SHOWN: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'proxy']);
/** CGI has names of their own for these. */
const OWN_NAME: Readonly<Record<string, string>> = {
  'content-type': 'CONTENT_TYPE',
  'content-length': 'CONTENT_LENGTH',
};

/** Of fields that repeat, the values joined by a comma; variables that do not fit are left out. */
export function programEnvironment(view: TransactionView): Readonly<Record<string, ByteString>> {
  const { request } = view;
  const variables = new Map<string, ByteString>([
    ['GATEWAY_INTERFACE', 'CGI/1.1'],
    ['UNIQUE_ID', view.id],
    ['REMOTE_ADDR', view.clientAddress],
    ['REMOTE_PORT', String(view.clientPort)],
    ['SERVER_ADDR', view.serverAddress],
    ['SERVER_PORT', String(view.serverPort)],
    ['SERVER_PROTOCOL', request.protocol],
    ['REQUEST_METHOD', request.method],
    ['REQUEST_URI', request.uri],
    ['SCRIPT_NAME', request.filename],
    ['QUERY_STRING', request.query ?? ''],
  ]);
  for (const { key, value } of request.headers.pairs) {
    const name = key.toLowerCase();
    // `X_A` and `X-A` would be one variable: like Apache, only names without doubt are taken.
    if (NOT_SHOWN.has(name) || !/^[a-z0-9-]+$/.test(name)) continue;
    const variable = OWN_NAME[name] ?? `HTTP_${name.toUpperCase().replaceAll('-', '_')}`;
    const before = variables.get(variable);
    variables.set(variable, before === undefined ? value : `${before}, ${value}`);
  }
  return fitting(variables);
}

function fitting(variables: ReadonlyMap<string, ByteString>): Readonly<Record<string, ByteString>> {
  const kept: Record<string, ByteString> = {};
  let left = MOST_BYTES;
  for (const [name, value] of variables) {
    const bytes = name.length + value.length + 2;
    if (bytes > left) continue;
    left -= bytes;
    kept[name] = value;
  }
  return kept;
}
