// Who talks to whom: addresses, ports, the authenticated user and the transaction's id.

import { decodeBase64Prefix } from '../../base/base64.ts';
import type { VariableDefinition } from '../../model/variable.ts';
import type { TransactionView } from '../../model/view.ts';
import { scalar } from './define.ts';

function requestHeader(view: TransactionView, lowerName: string): string {
  for (const { key, value } of view.request.headers.pairs) {
    if (key.length === lowerName.length && key.toLowerCase() === lowerName) return value;
  }
  return '';
}

/** Host header without its port; `[::1]:80` keeps its brackets (ModSecurity v3 cuts at the first colon). */
export function serverName(view: TransactionView): string {
  const host = requestHeader(view, 'host');
  if (view.settings.behaviour.serverName === 'host-and-port') return host;
  if (host.startsWith('[')) {
    const close = host.indexOf(']');
    return close < 0 ? host : host.slice(0, close + 1);
  }
  const colon = host.indexOf(':');
  return colon < 0 ? host : host.slice(0, colon);
}

function basicUser(view: TransactionView): string | undefined {
  const authorization = requestHeader(view, 'authorization');
  if (!authorization.startsWith('Basic ')) return undefined;
  const credentials = decodeBase64Prefix(authorization.slice(6));
  const colon = credentials.indexOf(':');
  return colon < 0 ? credentials : credentials.slice(0, colon);
}

export const connectionVariables: readonly VariableDefinition[] = [
  scalar('REMOTE_ADDR', 1, 'Address of the client.', (view) => view.clientAddress),
  scalar(
    'REMOTE_HOST',
    1,
    'Address of the client; names are not looked up.',
    (view) => view.clientAddress,
  ),
  scalar('REMOTE_PORT', 1, 'Port of the client.', (view) => String(view.clientPort)),
  scalar(
    'REMOTE_USER',
    1,
    'User part of a Basic Authorization header; no target without one.',
    basicUser,
  ),
  scalar('USERAGENT_IP', 1, 'Address of the client.', (view) => view.clientAddress),
  scalar('AUTH_TYPE', 1, 'Scheme of the Authorization header.', (view) => {
    if (view.settings.behaviour.authType === 'no-target') return undefined;
    const authorization = requestHeader(view, 'authorization');
    const space = authorization.indexOf(' ');
    return space < 0 ? authorization : authorization.slice(0, space);
  }),
  scalar('SERVER_ADDR', 1, 'Address that received the request.', (view) => view.serverAddress),
  scalar('SERVER_PORT', 1, 'Port that received the request.', (view) => String(view.serverPort)),
  scalar('SERVER_NAME', 1, 'Host header without its port.', serverName),
  scalar('UNIQUE_ID', 1, 'Id of the transaction.', (view) => view.id),
];
