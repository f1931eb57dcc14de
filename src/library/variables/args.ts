// Arguments of query string and body, decoded, in order, duplicates kept.

import type { VariableDefinition } from '../../model/variable.ts';
import { collection, scalar } from './define.ts';

export const argsVariables: readonly VariableDefinition[] = [
  collection(
    'ARGS',
    2,
    'Arguments of query string and body by name.',
    (view) => view.request.args.pairs,
  ),
  collection('ARGS_NAMES', 2, 'Names of all arguments.', (view) => view.request.args.names),
  collection('ARGS_GET', 1, 'Arguments of the query string.', (view) => view.request.argsGet.pairs),
  collection(
    'ARGS_GET_NAMES',
    1,
    'Names of the query string arguments.',
    (view) => view.request.argsGet.names,
  ),
  collection(
    'ARGS_POST',
    2,
    'Arguments of a form body; JSON members are in ARGS only.',
    (view) => view.request.argsPost.pairs,
  ),
  collection(
    'ARGS_POST_NAMES',
    2,
    'Names of the form body arguments.',
    (view) => view.request.argsPost.names,
  ),
  collection(
    'ARGS_PATH',
    1,
    'Arguments found in the path by @restpath.',
    (view) => view.request.argsPath.pairs,
  ),
  scalar(
    'ARGS_COMBINED_SIZE',
    2,
    'Bytes of all argument names and values; empty without arguments.',
    (view) =>
      view.request.args.pairs.length === 0
        ? view.settings.behaviour.argsSizeUnset
        : String(view.request.argsCombinedSize),
  ),
  scalar(
    'URLENCODED_ERROR',
    1,
    '1 when an argument held an invalid percent escape.',
    (view) => view.request.targetError ?? (view.request.urlencodedError ? '1' : '0'),
  ),
];
