// The portcullis command: one subcommand a file. Errors print a sentence, never a stack trace.

import { Command } from 'commander';
import { RulesetError } from '../waf/ruleset-error.ts';
import { FailureError, UsageError } from './output.ts';
import { limitYoung } from './serve-memory.ts';
import { startCalmly } from './start-calmly.ts';
import { version } from './version.ts';

/** Each is loaded when it is called for, which takes a third of a second for all of them. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['check', async () => (await import('./check.ts')).checkCommand()],
  ['eval', async () => (await import('./eval.ts')).evalCommand()],
  ['ftw', async () => (await import('./ftw.ts')).ftwCommand()],
  ['crs', async () => (await import('./crs.ts')).crsCommand()],
  ['bench', async () => (await import('./bench.ts')).benchCommand()],
  [
    'serve',
    async () => {
      // What modules hold would make the young generation grow before it is limited.
      limitYoung();
      return (await import('./serve.ts')).serveCommand();
    },
  ],
  ['policy', async () => (await import('./policy.ts')).policyCommand()],
]);

/** Commander's own errors (unknown option, missing argument) end with status 2, as usage errors do. */
function exitWithUsage(command: Command): Command {
  command.exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
  command.showSuggestionAfterError().showHelpAfterError('(--help shows how)');
  for (const child of command.commands) exitWithUsage(child);
  return command;
}

/** The command that the arguments name, or all of them where help or a mistake is about all. */
function called(args: readonly string[]): readonly (() => Promise<Command>)[] {
  const command = COMMANDS.get((args[0] === 'help' ? args[1] : args[0]) ?? '');
  return command === undefined ? [...COMMANDS.values()] : [command];
}

async function program(args: readonly string[]): Promise<Command> {
  const command = new Command('portcullis')
    .description('A ModSecurity-compatible web application firewall engine.')
    .version(version())
    .addHelpText(
      'after',
      `
Examples:
  portcullis check custom.conf
  portcullis serve --crs starter --upstream http://127.0.0.1:3000
  portcullis <command> --help`,
    );
  for (const create of called(args)) command.addCommand(await create());
  return exitWithUsage(command);
}

/** Runs the command line; sets the process's exit status. */
export async function main(args: readonly string[]): Promise<void> {
  startCalmly();
  // A reader that stops early (head, less) ends the command quietly; a full disk is a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`portcullis: cannot write the output (${error.code ?? error.message})\n`);
    process.exit(1);
  });
  try {
    await (await program(args)).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`portcullis: ${error.message}\n`);
      process.exitCode = 2;
    } else if (error instanceof FailureError || error instanceof RulesetError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    } else throw error;
  }
}
