// The response: head from phase 3, body from phase 4.

import type { VariableDefinition } from '../../model/variable.ts';
import { collection, scalar } from './define.ts';

export const responseVariables: readonly VariableDefinition[] = [
  scalar('RESPONSE_STATUS', 3, 'Status code.', (view) =>
    view.response.status === undefined
      ? view.settings.behaviour.responseStatusUnset
      : String(view.response.status),
  ),
  scalar(
    'RESPONSE_PROTOCOL',
    3,
    'Protocol version of the response.',
    (view) => view.response.protocol,
  ),
  scalar('STATUS_LINE', 3, 'Status code and reason.', (view) =>
    view.response.status === undefined && view.settings.behaviour.statusLineUnset === 'no-target'
      ? undefined
      : view.response.statusLine,
  ),
  collection(
    'RESPONSE_HEADERS',
    3,
    'Response headers by name.',
    (view) => view.response.headers.pairs,
  ),
  collection(
    'RESPONSE_HEADERS_NAMES',
    3,
    'Names of the response headers.',
    (view) => view.response.headers.names,
  ),
  scalar(
    'RESPONSE_CONTENT_TYPE',
    3,
    'Content type without parameters.',
    (view) => view.response.contentType,
  ),
  scalar('RESPONSE_CONTENT_LENGTH', 4, 'Bytes of the body that was buffered.', (view) =>
    String(view.response.contentLength),
  ),
  scalar(
    'RESPONSE_BODY',
    4,
    'Body, when its type is inspected; empty otherwise.',
    (view) => view.response.body ?? '',
  ),
  scalar('OUTBOUND_DATA_ERROR', 4, '1 when the body passed SecResponseBodyLimit.', (view) =>
    view.response.outboundDataError ? '1' : '0',
  ),
];
