// Every variable of the language, as one frozen list and one lookup.

import type { VariableDefinition } from '../../model/variable.ts';
import { argsVariables } from './args.ts';
import { bodyVariables } from './body.ts';
import { collectionVariables } from './collections.ts';
import { connectionVariables } from './connection.ts';
import { engineVariables } from './engine.ts';
import { filesVariables } from './files.ts';
import { headerVariables } from './headers.ts';
import { matchedVariables } from './matched.ts';
import { multipartVariables } from './multipart.ts';
import { requestLineVariables } from './request-line.ts';
import { responseVariables } from './response.ts';
import { ruleVariables } from './rule-facts.ts';
import { timeVariables } from './time.ts';
import { xmlVariables } from './xml.ts';

export const VARIABLES: readonly VariableDefinition[] = Object.freeze([
  ...connectionVariables,
  ...requestLineVariables,
  ...headerVariables,
  ...argsVariables,
  ...bodyVariables,
  ...filesVariables,
  ...multipartVariables,
  ...xmlVariables,
  ...responseVariables,
  ...matchedVariables,
  ...ruleVariables,
  ...collectionVariables,
  ...timeVariables,
  ...engineVariables,
]);
