// portcullis policy schema: the JSON Schema of policy documents, for editors.

import { Command } from 'commander';
import { policyJsonSchema } from '../policy/document/json-schema.ts';
import { processOutput } from './output.ts';

export function policySchemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of policy documents, for editors')
    .addHelpText(
      'after',
      `
Put "# yaml-language-server: $schema=policy.schema.json" in the first line of a document, and editors
complete and check its fields.

Example:
  portcullis policy schema > policy.schema.json`,
    )
    .action(() => {
      processOutput().data(`${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`);
    });
}
