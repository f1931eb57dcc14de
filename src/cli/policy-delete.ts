// portcullis policy delete: takes a rule out of the document; revisions keep it.

import type { Command } from 'commander';
import { ruleChangeCommand } from './policy-rule-change.ts';

export function policyDeleteCommand(): Command {
  return ruleChangeCommand('delete', 'delete a rule; revisions keep it');
}
