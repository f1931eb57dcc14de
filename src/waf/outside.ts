// What a waf may do outside: run programs, ask name servers, write uploads. Each only if it is asked for by name.

import { isAbsolute, normalize } from 'node:path';
import type { Outside, OutsideAnswer } from '../model/outside.ts';
import {
  askServers,
  NAME_SERVER_LIMITS,
  type NameServerLimits,
  NameServers,
  type ResolveAddresses,
} from './name-servers.ts';
import { PROGRAM_LIMITS, type ProgramLimits, Programs } from './programs.ts';
import { temporaryUploads } from './temporary-uploads.ts';

export interface NameServerOptions extends Partial<NameServerLimits> {
  /** Addresses with or without a port; default: the system's. */
  readonly servers?: readonly string[] | undefined;
  /** Asks somebody else. */
  readonly resolve?: ResolveAddresses | undefined;
}

export interface OutsideOptions {
  /**
   * Absolute paths of the programs that `exec` and `@inspectFile` may run; default: none. Rules have to be loaded
   * with the same list.
   */
  readonly programs?: readonly string[] | undefined;
  /**
   * Of `@inspectFile` and of `exec` apart. Default: 10 seconds each and 30 for a request, 64 KiB of output, 8 at once, 64
   * waiting.
   */
  readonly programLimits?: Partial<ProgramLimits> | undefined;
  /** Whether `@rbl` asks name servers; default: no. Times out after 2 seconds. */
  readonly nameServers?: boolean | NameServerOptions | undefined;
  /** Told of programs started by `exec` that failed. */
  readonly onProblem?: ((message: string) => void) | undefined;
}

/** To be closed when the wafs that use it are. Throws a TypeError for a path that is not absolute. */
export function openOutside(options: OutsideOptions = {}): Outside {
  const { onProblem } = options;
  const paths = (options.programs ?? []).map((path) => {
    if (!isAbsolute(path) || normalize(path) !== path) {
      throw new TypeError(`"${path}" is not the absolute path of a program, such as /usr/bin/scan`);
    }
    return path;
  });
  const limits = { ...PROGRAM_LIMITS, ...options.programLimits };
  const inspections = new Programs(paths, limits);
  // Apart, so that a flood of matches with exec does not hold up inspections.
  const started = new Programs(paths, limits);
  const servers = openNameServers(options.nameServers);
  const uploads = temporaryUploads();
  return {
    programs: Object.freeze(paths),
    uploads,
    patienceMs: {
      addresses: servers?.timeoutMs ?? NAME_SERVER_LIMITS.timeoutMs,
      program: limits.transactionMs,
    },
    ask: (question, limitMs) => {
      if (question.kind === 'program') return inspections.run(question.call, limitMs);
      return servers?.addresses(question.name, limitMs) ?? Promise.resolve(NOT_ASKED);
    },
    start: (call) => {
      void started.run(call).then((answer) => {
        const problem = problemOf(answer);
        if (problem !== undefined) onProblem?.(`${call.path}: ${problem}`);
      });
    },
    close: async () => {
      await Promise.all([inspections.close(), started.close()]);
      uploads.close();
    },
  };
}

const NOT_ASKED: OutsideAnswer = Object.freeze({
  kind: 'failure',
  message: 'this waf does not ask name servers',
});

function openNameServers(options: OutsideOptions['nameServers']): NameServers | undefined {
  if (options === undefined || options === false) return undefined;
  const { servers, resolve, ...limits } = options === true ? {} : options;
  const all = { ...NAME_SERVER_LIMITS, ...limits };
  return new NameServers(resolve ?? askServers(servers, all.timeoutMs), all);
}

function problemOf(answer: OutsideAnswer): string | undefined {
  if (answer.kind === 'failure') return answer.message;
  if (answer.kind === 'output' && answer.status !== 0) {
    return `it has ended with status ${answer.status}`;
  }
  return undefined;
}
