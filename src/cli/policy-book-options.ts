// What the commands that change a policy share: their options, and how they tell what has happened.

import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { renderDiagnostics } from '../diagnostics/render.ts';
import { jsonReport } from '../diagnostics/render-json.ts';
import type { PolicyChange } from '../policy/edit/change.ts';
import { EditError } from '../policy/edit/edit-error.ts';
import {
  type BookChange,
  type ChangeBy,
  openPolicyBook,
  type PolicyBook,
} from '../waf/policy-book.ts';
import { FailureError, type Output, processOutput, UsageError } from './output.ts';
import { policyTexts } from './policy-loading.ts';

export interface BookOptions {
  readonly revisions?: string;
  readonly json: boolean;
}

export interface ChangeOptions extends BookOptions {
  readonly by?: string;
  readonly message?: string;
  readonly dryRun: boolean;
  readonly diff: boolean;
}

export const POLICY_ARGUMENT = 'policy documents, or folders of them; all are one policy';
export const RULE_ARGUMENT = 'SECTION/NAME, or the name alone where only one rule has it';

/** Adds --revisions and --json. */
export function addBookOptions(command: Command): Command {
  return command
    .option(
      '--revisions <dir>',
      'where revisions are kept; default: .portcullis/revisions beside the first document',
    )
    .option('--json', 'print JSON', false);
}

/** Adds --by, --message, --dry-run and --diff. */
export function addChangeOptions(command: Command): Command {
  return addBookOptions(
    command
      .option('--by <name>', 'who makes the change; default: the user of this process')
      .option('--message <text>', 'why, for the revision')
      .option('--dry-run', 'check the change and print it, and write nothing', false)
      .option('--diff', 'print what changes', false),
  );
}

export const CHANGE_HELP = `
The whole policy is validated with the change before anything is written. Comments and layout stay.

Exit status: 0 when the policy is as asked, 1 when the change is refused, 2 for a wrong command line.`;

/** Opens the documents; those that cannot be read are an error of the command line. */
export function openBook(paths: readonly string[], { revisions }: BookOptions): PolicyBook {
  policyTexts(paths);
  return openPolicyBook(paths, { revisions });
}

/** Runs what may throw `EditError`, and fails as commands do. */
export function editing<T>(json: boolean, output: Output, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    const { code, message, help, diagnostics } = error;
    if (json) {
      const report = { error: { code, message, help: help ?? null }, ...jsonReport(diagnostics) };
      output.data(`${JSON.stringify(report, undefined, 2)}\n`);
    }
    const lines = [renderDiagnostics(diagnostics).trimEnd(), `portcullis: ${message}`];
    if (help !== undefined) lines.push(`  help: ${help}`);
    throw new FailureError(lines.filter((line) => line !== '').join('\n'));
  }
}

export function changeBy({ by, message, dryRun }: ChangeOptions): ChangeBy {
  return { who: by ?? userName(), message, dryRun };
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry, as in containers.
    return undefined;
  }
}

export async function runChange(
  paths: readonly string[],
  options: ChangeOptions,
  change: PolicyChange,
): Promise<void> {
  const output = processOutput();
  const outcome = await withoutConflict(() =>
    openBook(paths, options).change(change, changeBy(options)),
  );
  tellChange(editing(options.json, output, outcome), options, output);
}

const ATTEMPTS = 8;
const PAUSE_MS = 100;

/**
 * What is asked of one rule means the same in the next version of the document, so when somebody else was
 * quicker it is asked again. Answers what `run` answered, or throws what it threw.
 */
async function withoutConflict<T>(run: () => T): Promise<() => T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const value = run();
      return () => value;
    } catch (error) {
      const isConflict = error instanceof EditError && error.code === 'conflict';
      if (!isConflict || attempt === ATTEMPTS) {
        return () => {
          throw error;
        };
      }
    }
    await setTimeout(PAUSE_MS * attempt * (0.5 + Math.random()));
  }
}

export function tellChange(
  { revision, summary, rule, diff, version, diagnostics }: BookChange,
  { json, dryRun, diff: showsDiff }: ChangeOptions,
  output: Output,
): void {
  if (diagnostics.length > 0) output.talk(renderDiagnostics(diagnostics));
  if (json) {
    const told = { revision: revision ?? null, summary, rule: rule ?? null, version, diff };
    output.data(`${JSON.stringify(told, undefined, 2)}\n`);
    return;
  }
  if (dryRun || showsDiff) output.data(diff);
  if (dryRun) output.talk('nothing was written\n');
  else if (revision === undefined) output.talk(`${summary}: it is so already\n`);
  else output.talk(`revision ${revision}: ${summary}\n`);
}

/** Text from a document or a revision, on one line of a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}

/** `3`, for an argument or an option. */
export function revisionNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is not the number of a revision`);
}
