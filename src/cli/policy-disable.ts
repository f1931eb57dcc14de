// portcullis policy disable: switches a rule off, and leaves it in the document.

import type { Command } from 'commander';
import { ruleChangeCommand } from './policy-rule-change.ts';

export function policyDisableCommand(): Command {
  return ruleChangeCommand('disable', 'switch a rule off; it stays in the document');
}
