// TX, the persistent collections, ENV and GEO.

import type { VariableDefinition } from '../../model/variable.ts';
import { collection, scalar } from './define.ts';

const persistent: Readonly<Record<string, string>> = {
  GLOBAL: 'Collection shared by all transactions, opened by initcol.',
  IP: 'Collection of one address, opened by initcol.',
  RESOURCE: 'Collection of one resource, opened by initcol or setrsc.',
  SESSION: 'Collection of one session, opened by setsid.',
  USER: 'Collection of one user, opened by setuid.',
};

export const collectionVariables: readonly VariableDefinition[] = [
  collection(
    'TX',
    1,
    'Variables of this transaction; captures in TX:0 to TX:9.',
    (view) => view.tx.entries,
    {
      find: (view, key) => view.tx.find(key),
      select: (view, matches) => view.tx.select?.(matches),
    },
  ),
  ...Object.entries(persistent).map(([name, summary]) =>
    collection(name, 1, summary, (view) => view.persistent(name).entries, {
      find: (view, key) => view.persistent(name).find(key),
    }),
  ),
  // ModSecurity shows the whole environment of the process; a rule has no business with the host's secrets.
  collection(
    'ENV',
    1,
    'What the embedder lets rules see of an environment, and variables set by setenv.',
    (view) => view.env.entries,
  ),
  collection(
    'GEO',
    1,
    'Place of the last address looked up by @geoLookup.',
    (view) => view.geo.entries,
  ),
  scalar('SESSIONID', 1, 'Value given to setsid.', (view) =>
    view.sessionId === '' && view.settings.behaviour.sessionUnset === 'no-target'
      ? undefined
      : view.sessionId,
  ),
  scalar('USERID', 1, 'Value given to setuid.', (view) => view.userId),
  scalar('WEBAPPID', 1, 'Value of SecWebAppId.', (view) => view.settings.webAppId),
];
