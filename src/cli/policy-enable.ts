// portcullis policy enable: switches a rule on.

import type { Command } from 'commander';
import { ruleChangeCommand } from './policy-rule-change.ts';

export function policyEnableCommand(): Command {
  return ruleChangeCommand('enable', 'switch a rule on');
}
