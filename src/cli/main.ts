// The portcullis command: one subcommand a file. Errors print a sentence, never a stack trace.

import { Command } from 'commander';
import { RulesetError } from '../waf/load.ts';
import { benchCommand } from './bench.ts';
import { checkCommand } from './check.ts';
import { crsCommand } from './crs.ts';
import { evalCommand } from './eval.ts';
import { ftwCommand } from './ftw.ts';
import { FailureError, UsageError } from './output.ts';
import { policyCommand } from './policy.ts';
import { serveCommand } from './serve.ts';
import { version } from './version.ts';

/** Commander's own errors (unknown option, missing argument) end with status 2, as usage errors do. */
function exitWithUsage(command: Command): Command {
  command.exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
  command.showSuggestionAfterError().showHelpAfterError('(--help shows how)');
  for (const child of command.commands) exitWithUsage(child);
  return command;
}

function program(): Command {
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
  for (const create of [
    checkCommand,
    evalCommand,
    ftwCommand,
    crsCommand,
    benchCommand,
    serveCommand,
    policyCommand,
  ]) {
    command.addCommand(create());
  }
  return exitWithUsage(command);
}

/** Runs the command line; sets the process's exit status. */
export async function main(args: readonly string[]): Promise<void> {
  // A reader that stops early (head, less) ends the command quietly; a full disk is a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`portcullis: cannot write the output (${error.code ?? error.message})\n`);
    process.exit(1);
  });
  try {
    await program().parseAsync(args, { from: 'user' });
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
