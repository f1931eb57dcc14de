// portcullis policy types: the data types and data sets that rules can name.

import { Command } from 'commander';
import { DATA_SETS, listDataTypes } from '../policy/entities/data-sets.ts';
import { processOutput } from './output.ts';

export function policyTypesCommand(): Command {
  return new Command('types')
    .description('list the data types and data sets that rules can name')
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      `
Example:
  portcullis policy types`,
    )
    .action(({ json }: { readonly json: boolean }) => {
      const output = processOutput();
      const types = listDataTypes();
      if (json) {
        output.data(`${JSON.stringify({ types, sets: DATA_SETS }, undefined, 2)}\n`);
        return;
      }
      const width = Math.max(...types.map(({ name }) => name.length));
      for (const { name, summary, sets } of types) {
        output.data(`${name.padEnd(width)}  ${summary} [${sets.join(', ')}]\n`);
      }
      output.data('\nSets\n');
      for (const { name, summary } of DATA_SETS) output.data(`${name.padEnd(width)}  ${summary}\n`);
    });
}
