// The request line and its parts. Raw unless a summary says decoded.

import type { VariableDefinition } from '../../model/variable.ts';
import { scalar } from './define.ts';

export const requestLineVariables: readonly VariableDefinition[] = [
  scalar('REQUEST_METHOD', 1, 'Method as sent.', (view) => view.request.method),
  scalar(
    'REQUEST_PROTOCOL',
    1,
    'Protocol version as sent, HTTP/1.1.',
    (view) => view.request.protocol,
  ),
  scalar('REQUEST_LINE', 1, 'The whole request line as received.', (view) => view.request.line),
  scalar('REQUEST_URI_RAW', 1, 'Request target as received.', (view) => view.request.uriRaw),
  scalar(
    'REQUEST_URI',
    1,
    'Request target without scheme, authority and fragment.',
    (view) => view.request.uri,
  ),
  scalar('REQUEST_FILENAME', 1, 'Path, percent-decoded once.', (view) => view.request.filename),
  scalar(
    'REQUEST_BASENAME',
    1,
    'Last segment of REQUEST_FILENAME.',
    (view) => view.request.basename,
  ),
  scalar('PATH_INFO', 1, 'Same as REQUEST_FILENAME.', (view) =>
    view.settings.behaviour.pathInfo === 'path' ? view.request.filename : undefined,
  ),
  scalar(
    'QUERY_STRING',
    1,
    'Text between ? and #, not decoded; no target without a ?.',
    (view) =>
      view.request.query ?? (view.settings.behaviour.queryUnset === 'empty' ? '' : undefined),
  ),
];
