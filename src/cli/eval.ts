// portcullis eval: what the rules say of recorded exchanges, one line of JSON each.

import { Command } from 'commander';
import type { ExchangeOutcome, Mode } from '../model/transaction.ts';
import { createWaf, type Waf } from '../waf/create-waf.ts';
import { addCacheOptions } from './cache-options.ts';
import { type EvalItem, readItems } from './eval-input.ts';
import { processOutput } from './output.ts';
import { addOutsideOptions, type OutsideOptions, outsideFromOptions } from './outside-options.ts';
import { policyLoader } from './policy-loader.ts';
import { addPolicyOptions, type PolicyOptions } from './policy-options.ts';
import { addRulesOptions, loadRulesFromOptions, type RulesOptions } from './rules-options.ts';
import { beginWork } from './start-calmly.ts';

interface EvalOptions extends RulesOptions, PolicyOptions, OutsideOptions {
  readonly allowProgram: readonly string[];
  readonly allMatches: boolean;
}

/** The line that `eval` promises; key order is part of the promise. */
export function evalLine(id: string, { verdict, decision }: ExchangeOutcome, all: boolean): object {
  const matched = new Set<number>();
  for (const match of verdict.matches) if (all || match.logged) matched.add(match.rule.id);
  const { interruption } = verdict;
  return {
    id,
    matched: [...matched],
    interruption:
      interruption === null
        ? null
        : {
            rule: interruption.rule,
            phase: interruption.phase,
            action: interruption.action,
            status: interruption.status,
            ...(interruption.url !== undefined && { url: interruption.url }),
            ...(interruption.cause !== undefined && { cause: interruption.cause }),
          },
    decision: {
      effect: decision.effect,
      row: decision.row,
      ...(decision.status !== undefined && { status: decision.status }),
      ...(decision.rule !== undefined && { rule: decision.rule }),
    },
    scores: verdict.scores,
    errors: verdict.errors.map(({ code, ruleId, message }) => ({
      code,
      rule: ruleId ?? null,
      message,
    })),
  };
}

/** A line for input that is no exchange, so that output lines and input lines stay in step. */
function errorLine(id: string, message: string): object {
  return {
    id,
    matched: [],
    interruption: null,
    decision: null,
    scores: { inbound: 0, outbound: 0 },
    errors: [{ code: 'bad-record', rule: null, message }],
  };
}

async function judge(
  waf: Waf<Mode>,
  item: EvalItem,
  all: boolean,
): Promise<{ line: object; ok: boolean }> {
  if ('error' in item) return { line: errorLine(item.id, item.error), ok: false };
  try {
    return { line: evalLine(item.id, await waf.inspect(item.record), all), ok: true };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { line: errorLine(item.id, message), ok: false };
  }
}

// Output is written in blocks: a write for each line costs more than the inspection.
const BLOCK = 1 << 16;

async function run(path: string, options: EvalOptions): Promise<number> {
  const output = processOutput();
  const hasPolicy = options.policy.length > 0;
  const { ruleset } = loadRulesFromOptions(options, output, [], hasPolicy);
  const policy = (await policyLoader(options))(options, ruleset, output);
  // What answers in place is faster, and is enough for most.
  const isOutside = options.allowProgram.length > 0 || options.dns !== 'off';
  const outside = isOutside ? outsideFromOptions(options, output) : undefined;
  const waf =
    outside === undefined
      ? createWaf({ rules: ruleset, policy })
      : createWaf({ rules: ruleset, policy, outside });
  beginWork();
  const began = Date.now();
  let told = began;
  let done = 0;
  let failed = 0;
  let block = '';
  for await (const item of readItems(path, output.talk)) {
    const { line, ok } = await judge(waf, item, options.allMatches);
    if (!ok) failed++;
    done++;
    block += `${JSON.stringify(line)}\n`;
    if (block.length > BLOCK || path === '-') {
      output.data(block);
      block = '';
    }
    const now = Date.now();
    if (process.stderr.isTTY && now - told > 2000) {
      told = now;
      output.talk(`${done} exchanges in ${Math.round((now - began) / 1000)} s\n`);
    }
  }
  output.data(block);
  await outside?.close();
  if (failed > 0) output.talk(`${failed} of ${done} records could not be judged\n`);
  return failed > 0 ? 1 : 0;
}

export function evalCommand(): Command {
  const command = new Command('eval')
    .description('judge recorded exchanges: one line of JSON each')
    .argument(
      '<file>',
      'exchange records (.jsonl), a raw request (.http), a recording (.har), or "-"',
    )
    .option('--all-matches', 'list rules with "nolog" too', false)
    .addHelpText(
      'after',
      `
Exit status: 0 when every record was judged (blocked or not), 1 when some could not be read,
2 for a wrong command line.

Examples:
  portcullis eval --crs starter traffic.jsonl
  portcullis eval --crs starter --policy shop.yaml traffic.jsonl
  echo '{"method":"GET","uri":"/?q=<script>alert(1)</script>","headers":[["Host","a"]]}' |
    portcullis eval --crs starter -`,
    );
  addRulesOptions(command);
  addCacheOptions(command);
  addPolicyOptions(command);
  addOutsideOptions(command, 'off');
  return command.action(async (path: string, options: EvalOptions) => {
    process.exitCode = await run(path, options);
  });
}
