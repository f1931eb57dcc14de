// portcullis policy explain: a policy in words, and for given exchanges every row that was looked at.

import { Command } from 'commander';
import type { ExchangeOutcome } from '../model/transaction.ts';
import { policyInWords } from '../policy/words.ts';
import { createWaf } from '../waf/create-waf.ts';
import { addCacheOptions } from './cache-options.ts';
import { readItems } from './eval-input.ts';
import { FailureError, type Output, processOutput } from './output.ts';
import { loadPolicyFromOptions } from './policy-loading.ts';
import { addPolicyPlaceOptions } from './policy-options.ts';
import { addRulesOptions, loadRulesFromOptions, type RulesOptions } from './rules-options.ts';

interface ExplainOptions extends RulesOptions {
  readonly exchange?: string;
  readonly environment?: string;
  readonly point?: 'inline' | 'edge';
  readonly json: boolean;
}

async function run(paths: readonly string[], options: ExplainOptions): Promise<number> {
  const output = processOutput();
  const { ruleset } = loadRulesFromOptions(options, output, [], true);
  const policy = loadPolicyFromOptions({ ...options, policy: paths }, ruleset, output);
  if (policy === undefined) throw new FailureError('portcullis: there is no policy to explain');
  if (options.exchange === undefined) {
    const words = policyInWords(policy.compiled.document, Date.now());
    if (options.json) output.data(`${JSON.stringify(words, undefined, 2)}\n`);
    else {
      for (const { section, name, text } of words) output.data(`${section} "${name}"\n  ${text}\n`);
      if (words.length === 0) output.data('The policy has no rules.\n');
    }
    return 0;
  }
  const waf = createWaf({ rules: ruleset, policy });
  let failed = 0;
  for await (const item of readItems(options.exchange, output.talk)) {
    if ('error' in item) {
      failed++;
      output.talk(`${item.error}\n`);
      continue;
    }
    show(item.id, waf.inspect(item.record), options, output);
  }
  return failed > 0 ? 1 : 0;
}

function show(
  id: string,
  { decision, events }: ExchangeOutcome,
  { json }: ExplainOptions,
  output: Output,
): void {
  const { effect, row, rule, status, trace } = decision;
  if (json) {
    output.data(`${JSON.stringify({ id, effect, row, rule, status, trace, events })}\n`);
    return;
  }
  output.data(`${id}: ${effect}${status === undefined ? '' : ` with ${status}`} by ${row}\n`);
  const width = Math.max(...trace.map((one) => one.row.length));
  for (const one of trace) {
    const mark = one.applies ? '>' : ' ';
    output.data(`  ${mark} ${one.row.padEnd(width)}  ${one.reason}\n`);
  }
  for (const event of events) {
    output.data(`  event: ${event.kind} "${event.rule}" ${event.action}: ${event.evidence}\n`);
  }
}

export function policyExplainCommand(): Command {
  const command = new Command('explain')
    .description('say a policy in words, or why it decides as it does on given exchanges')
    .argument('<policy...>', 'policy documents, or folders of them')
    .option(
      '--exchange <file>',
      'exchanges (.jsonl, .http, .har or "-"): the rows of each decision',
    )
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      `
Examples:
  portcullis policy explain shop.yaml
  portcullis policy explain --crs starter --exchange attack.http shop.yaml`,
    );
  addPolicyPlaceOptions(command);
  addRulesOptions(command);
  addCacheOptions(command);
  return command.action(async (paths: string[], options: ExplainOptions) => {
    process.exitCode = await run(paths, options);
  });
}
