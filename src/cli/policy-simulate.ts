// portcullis policy simulate: recorded exchanges against the current and a proposed policy: what would change.
//
// The time of each record drives the clocks of both, each has a state store of its own, and hashes have a
// fixed key where the document names none, so that a recording gives the same decisions every time.

import { Command } from 'commander';
import type { Decision } from '../model/decision.ts';
import type { PolicyEvent } from '../model/policy-event.ts';
import { memoryStore } from '../state/memory.ts';
import { createWaf, type Waf } from '../waf/create-waf.ts';
import { addCacheOptions } from './cache-options.ts';
import { readItems } from './eval-input.ts';
import { type Output, processOutput } from './output.ts';
import { loadPolicyFromOptions } from './policy-loading.ts';
import { addPolicyPlaceOptions } from './policy-options.ts';
import { addRulesOptions, loadRulesFromOptions, type RulesOptions } from './rules-options.ts';
import { beginWork } from './start-calmly.ts';

interface SimulateOptions extends RulesOptions {
  readonly current: readonly string[];
  readonly proposed: readonly string[];
  readonly environment?: string;
  readonly point?: 'inline' | 'edge';
  readonly json: boolean;
  readonly all: boolean;
}

interface Said {
  readonly effect: Decision['effect'];
  readonly row: string;
  readonly rule: string | undefined;
}

interface Totals {
  exchanges: number;
  unread: number;
  /** Without a client. */
  unaddressed: number;
  changed: number;
  readonly rows: Counts;
  /** By rule: what only watches changes no decision, and is tried out for what it tells. */
  readonly events: Counts;
}

interface Counts {
  readonly current: Map<string, number>;
  readonly proposed: Map<string, number>;
}

const said = ({ effect, row, rule }: Decision): Said => ({ effect, row, rule });
const wordsOf = ({ effect, row, rule }: Said): string =>
  `${effect} by ${row}${rule === undefined ? '' : ` "${rule}"`}`;

// Nothing that is hashed leaves the run; counts of distinct values depend on hashes where they are estimates.
const HASH_KEY = new Uint8Array(32);

function wafOf(
  paths: readonly string[],
  options: SimulateOptions,
  clock: () => number,
  told: Map<string, number>,
  output: Output,
): Waf<'sync'> {
  const { ruleset } = loadRulesFromOptions(options, output, [], true);
  const { environment, point } = options;
  const policy = loadPolicyFromOptions(
    {
      policy: paths,
      ...(paths.length > 0 && environment !== undefined && { environment }),
      ...(paths.length > 0 && point !== undefined && { point }),
    },
    ruleset,
    output,
    { processKey: HASH_KEY },
  );
  const events = {
    policy: ({ kind, rule, action }: PolicyEvent): void =>
      count(told, `${kind} "${rule}" ${action}`),
  };
  return createWaf({ rules: ruleset, policy, state: memoryStore(), clock, events });
}

async function run(path: string, options: SimulateOptions): Promise<number> {
  const output = processOutput();
  // A record without a time came with the one before it.
  let nowMs = Date.now();
  const clock = (): number => nowMs;
  const totals: Totals = {
    exchanges: 0,
    unread: 0,
    unaddressed: 0,
    changed: 0,
    rows: { current: new Map(), proposed: new Map() },
    events: { current: new Map(), proposed: new Map() },
  };
  const current = wafOf(options.current, options, clock, totals.events.current, output);
  const proposed = wafOf(options.proposed, options, clock, totals.events.proposed, output);
  beginWork();
  let told = Date.now();
  for await (const item of readItems(path, output.talk)) {
    if ('error' in item) {
      totals.unread++;
      output.talk(`${item.error}\n`);
      continue;
    }
    nowMs = item.record.timeMs ?? nowMs;
    const before = said(current.inspect(item.record).decision);
    const after = said(proposed.inspect(item.record).decision);
    totals.exchanges++;
    if (item.record.client === undefined) totals.unaddressed++;
    count(totals.rows.current, before.row);
    count(totals.rows.proposed, after.row);
    const isChanged =
      before.effect !== after.effect || before.row !== after.row || before.rule !== after.rule;
    if (isChanged) totals.changed++;
    if (isChanged || options.all) show(item.id, before, after, options, output);
    const now = Date.now();
    if (process.stderr.isTTY && now - told > 2000) {
      told = now;
      output.talk(`${totals.exchanges} exchanges\n`);
    }
  }
  if (totals.unaddressed > 0) {
    output.talk(
      `${totals.unaddressed} records name no client and count as 127.0.0.1, which is internal: rules on sources do not block it\n`,
    );
  }
  summary(totals, options, output);
  return totals.unread > 0 ? 1 : 0;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function show(
  id: string,
  current: Said,
  proposed: Said,
  { json }: SimulateOptions,
  output: Output,
): void {
  if (json) output.data(`${JSON.stringify({ id, current, proposed })}\n`);
  else output.data(`${id}: ${wordsOf(current)} -> ${wordsOf(proposed)}\n`);
}

function summary(
  { exchanges, unread, changed, rows, events }: Totals,
  options: SimulateOptions,
  output: Output,
): void {
  if (options.json) {
    const sorted = ({ current, proposed }: Counts): object => ({
      current: Object.fromEntries([...current].sort()),
      proposed: Object.fromEntries([...proposed].sort()),
    });
    const counts = { rows: sorted(rows), events: sorted(events) };
    output.data(`${JSON.stringify({ exchanges, unread, changed, ...counts })}\n`);
    return;
  }
  output.data(`${changed} of ${exchanges} decisions would change\n`);
  differences(rows, (name) => name, output);
  differences(events, (name) => `events of ${name}`, output);
  if (unread > 0) output.data(`${unread} records could not be read\n`);
}

function differences(
  { current, proposed }: Counts,
  label: (name: string) => string,
  output: Output,
): void {
  for (const name of [...new Set([...current.keys(), ...proposed.keys()])].sort()) {
    const before = current.get(name) ?? 0;
    const after = proposed.get(name) ?? 0;
    if (before !== after) output.data(`  ${label(name)}: ${before} -> ${after}\n`);
  }
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function policySimulateCommand(): Command {
  const command = new Command('simulate')
    .description('run recorded exchanges against the current and a proposed policy')
    .argument('<file>', 'exchange records (.jsonl), a recording (.har), or "-"')
    .option('--current <policy>', 'the policy in force; repeatable; default: none', collect, [])
    .option('--proposed <policy>', 'the policy to try; repeatable; default: none', collect, [])
    .option('--all', 'print decisions that stay the same too', false)
    .option('--json', 'print JSON: a line for each changed exchange, then the totals', false)
    .addHelpText(
      'after',
      `
The "time" of each record drives the clocks, so a recording gives the same decisions every time.

Exit status: 0 when every record was judged, 1 when some could not be read, 2 for a wrong command line.

Example:
  portcullis policy simulate --crs starter --current shop.yaml --proposed new.yaml traffic.jsonl`,
    );
  addPolicyPlaceOptions(command);
  addRulesOptions(command);
  addCacheOptions(command);
  return command.action(async (path: string, options: SimulateOptions) => {
    process.exitCode = await run(path, options);
  });
}
