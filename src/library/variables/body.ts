// The request body as a whole, and what its processor had to say.

import type { VariableDefinition } from '../../model/variable.ts';
import type { TransactionView } from '../../model/view.ts';
import { scalar } from './define.ts';

const flag = (on: boolean): string => (on ? '1' : '0');

// ModSecurity v3's shape, which has no request line; v2's own has uninitialised bytes in its headers.
function fullRequest({ request, body, settings }: TransactionView): string {
  if (settings.behaviour.fullRequest === 'empty') return '';
  const head = request.headers.pairs.map(({ key, value }) => `${key}: ${value}\n`).join('');
  return `${head}\n\n${body.text ?? ''}`;
}

export const bodyVariables: readonly VariableDefinition[] = [
  scalar(
    'REQUEST_BODY',
    2,
    'Raw body of a form or of a type without processor (forced); no target otherwise.',
    (view) => view.body.text,
  ),
  scalar('REQUEST_BODY_LENGTH', 2, 'Bytes of the body; empty without a body.', (view) =>
    view.body.length === undefined ||
    (view.settings.behaviour.bodyLength === 'read-body' && view.body.text === undefined)
      ? view.settings.behaviour.bodyLengthUnset
      : String(view.body.length),
  ),
  scalar(
    'REQBODY_PROCESSOR',
    1,
    'URLENCODED, MULTIPART, JSON, XML or empty.',
    (view) => view.body.processor,
  ),
  scalar('REQBODY_ERROR', 2, '1 when the body could not be read as its type says.', (view) =>
    flag(view.body.error),
  ),
  scalar(
    'REQBODY_ERROR_MSG',
    2,
    'Why the body could not be read.',
    (view) => view.body.errorMessage,
  ),
  scalar('REQBODY_PROCESSOR_ERROR', 2, '1 when the body processor failed.', (view) =>
    flag(view.body.processorError),
  ),
  scalar(
    'REQBODY_PROCESSOR_ERROR_MSG',
    2,
    'Why the body processor failed.',
    (view) => view.body.processorErrorMessage,
  ),
  scalar('INBOUND_DATA_ERROR', 2, '1 when the body passed SecRequestBodyLimit.', (view) =>
    flag(view.body.inboundDataError),
  ),
  scalar('FULL_REQUEST', 2, 'Headers and body as one text.', fullRequest),
  scalar('FULL_REQUEST_LENGTH', 2, 'Bytes of FULL_REQUEST.', (view) =>
    String(fullRequest(view).length),
  ),
];
