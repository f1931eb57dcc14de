// Request headers and cookies, one element per line or cookie, in order.

import type { VariableDefinition } from '../../model/variable.ts';
import { collection } from './define.ts';

export const headerVariables: readonly VariableDefinition[] = [
  collection(
    'REQUEST_HEADERS',
    1,
    'Request headers by name.',
    (view) => view.request.headers.pairs,
  ),
  collection(
    'REQUEST_HEADERS_NAMES',
    1,
    'Names of the request headers.',
    (view) => view.request.headers.names,
  ),
  collection(
    'REQUEST_COOKIES',
    1,
    'Cookies by name, not decoded.',
    (view) => view.request.cookies.pairs,
  ),
  collection(
    'REQUEST_COOKIES_NAMES',
    1,
    'Names of the cookies.',
    (view) => view.request.cookies.names,
  ),
];
