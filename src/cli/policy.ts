// portcullis policy: everything about policy documents, one file for each subcommand.

import { Command } from 'commander';
import { policyCheckCommand } from './policy-check.ts';
import { policyExplainCommand } from './policy-explain.ts';
import { policySchemaCommand } from './policy-schema.ts';
import { policySimulateCommand } from './policy-simulate.ts';
import { policyTypesCommand } from './policy-types.ts';

export function policyCommand(): Command {
  const command = new Command('policy')
    .description('policy documents: validate, say in words, run against recorded exchanges')
    .addHelpText(
      'after',
      `
Examples:
  portcullis policy check shop.yaml
  portcullis policy explain shop.yaml
  portcullis policy simulate --crs starter --current shop.yaml --proposed new.yaml traffic.jsonl
  portcullis policy schema > policy.schema.json`,
    );
  for (const create of [
    policyCheckCommand,
    policyExplainCommand,
    policySimulateCommand,
    policySchemaCommand,
    policyTypesCommand,
  ]) {
    command.addCommand(create());
  }
  return command;
}
