// append: would put text behind the response body (SecContentInjection, ModSecurity v2). Responses are passed
// on as they are or blocked; an inspecting engine that writes into pages breaks signatures and caches.

import type { ActionDefinition } from '../../model/action.ts';
import { actionWithoutEffect } from './without-effect.ts';

export const append: ActionDefinition = actionWithoutEffect(
  'append',
  'Accepted and not carried out: responses are never changed.',
  'responses are never changed',
  'write into pages in the application or in the proxy',
);
