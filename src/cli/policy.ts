// portcullis policy: everything about policy documents, one file for each subcommand.

import { Command } from 'commander';
import { policyCheckCommand } from './policy-check.ts';
import { policyCloneCommand } from './policy-clone.ts';
import { policyCreateCommand } from './policy-create.ts';
import { policyDeleteCommand } from './policy-delete.ts';
import { policyDiffCommand } from './policy-diff.ts';
import { policyDisableCommand } from './policy-disable.ts';
import { policyEditCommand } from './policy-edit.ts';
import { policyEnableCommand } from './policy-enable.ts';
import { policyExplainCommand } from './policy-explain.ts';
import { policyListCommand } from './policy-list.ts';
import { policyRevisionsCommand } from './policy-revisions.ts';
import { policyRollbackCommand } from './policy-rollback.ts';
import { policySchemaCommand } from './policy-schema.ts';
import { policyShowCommand } from './policy-show.ts';
import { policySimulateCommand } from './policy-simulate.ts';
import { policyTypesCommand } from './policy-types.ts';

export function policyCommand(): Command {
  const command = new Command('policy')
    .description('policy documents: validate, try, change, and go back')
    .addHelpText(
      'after',
      `
Examples:
  portcullis policy check shop.yaml
  portcullis policy explain shop.yaml
  portcullis policy simulate --crs starter --current shop.yaml --proposed new.yaml traffic.jsonl
  portcullis policy disable "no debug" shop.yaml
  portcullis policy revisions shop.yaml
  portcullis policy schema > policy.schema.json`,
    );
  for (const create of [
    policyCheckCommand,
    policyExplainCommand,
    policySimulateCommand,
    policyListCommand,
    policyShowCommand,
    policyCreateCommand,
    policyEnableCommand,
    policyDisableCommand,
    policyCloneCommand,
    policyEditCommand,
    policyDeleteCommand,
    policyRevisionsCommand,
    policyDiffCommand,
    policyRollbackCommand,
    policySchemaCommand,
    policyTypesCommand,
  ]) {
    command.addCommand(create());
  }
  return command;
}
