// The options by which commands let rules do something outside: run programs, ask name servers.

import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, normalize } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Outside } from '../model/outside.ts';
import { openOutside } from '../waf/outside.ts';
import type { Output } from './output.ts';

export interface OutsideOptions {
  readonly allowProgram: readonly string[];
  /** `off`, `system`, or name servers. */
  readonly dns?: string;
}

function program(path: string, before: readonly string[]): readonly string[] {
  if (!isAbsolute(path) || normalize(path) !== path) {
    throw new InvalidArgumentError('It must be an absolute path.');
  }
  try {
    accessSync(path, constants.X_OK);
    if (!statSync(path).isFile()) throw new InvalidArgumentError('It is not a file.');
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidArgumentError(
      code === 'EACCES' ? 'It is not executable.' : 'There is no such program.',
    );
  }
  return [...before, path];
}

/** Adds --allow-program. */
export function addProgramOptions(command: Command): Command {
  return command.option(
    '--allow-program <path>',
    'a program that rules may run with exec and @inspectFile; repeatable',
    program,
    [],
  );
}

function nameServers(text: string): string {
  if (text === 'off' || text === 'system') return text;
  try {
    openOutside({ nameServers: { servers: text.split(',') } });
  } catch {
    throw new InvalidArgumentError(
      'It must be "off", "system", or addresses such as 127.0.0.1:5353,192.0.2.53.',
    );
  }
  return text;
}

/** Adds --allow-program and --dns. */
export function addOutsideOptions(command: Command, dns: 'off' | 'system'): Command {
  return addProgramOptions(command).option(
    '--dns <servers>',
    'whom @rbl asks: "off", "system", or addresses of name servers, comma-separated',
    nameServers,
    dns,
  );
}

export function outsideFromOptions(
  { allowProgram, dns = 'off' }: OutsideOptions,
  { talk }: Output,
): Outside {
  return openOutside({
    programs: allowProgram,
    nameServers: dns === 'off' ? false : dns === 'system' ? true : { servers: dns.split(',') },
    onProblem: (message) => talk(`portcullis: exec: ${message}\n`),
  });
}
