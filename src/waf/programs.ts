// Runs the programs that rules may run: no shell, one argument at most, within limits of time, output and number.
//
// Promise: whatever a program does or does not do, its call settles, and nothing of it is left behind: a program that
// takes too long or prints too much is killed with all that it has started.

import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fromByteString } from '../base/bytes.ts';
import type { OutsideAnswer, ProgramCall } from '../model/outside.ts';

export interface ProgramLimits {
  /** Waiting for a free place included. */
  readonly timeoutMs: number;
  /** For all that one request waits for. */
  readonly transactionMs: number;
  readonly maxOutputBytes: number;
  readonly maxRunning: number;
  /** Calls that wait for a free place; one more fails. */
  readonly maxWaiting: number;
}

export const PROGRAM_LIMITS: ProgramLimits = Object.freeze({
  timeoutMs: 10_000,
  transactionMs: 30_000,
  maxOutputBytes: 65_536,
  maxRunning: 8,
  maxWaiting: 64,
});

/** No path is longer; a longer value was meant for something else. */
const LONGEST_ARGUMENT = 4096;
/** How long output is read on after the program has ended: something that it started may hold it open. */
const LAST_OUTPUT_MS = 200;
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

const failure = (message: string): OutsideAnswer => ({ kind: 'failure', message });

export class Programs {
  readonly #allowed: ReadonlySet<string>;
  readonly #limits: ProgramLimits;
  readonly #pending = new Set<Promise<OutsideAnswer>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #isClosed = false;

  constructor(allowed: readonly string[], limits: ProgramLimits) {
    this.#allowed = new Set(allowed);
    this.#limits = limits;
    this.#free = limits.maxRunning;
  }

  /** Never rejects. */
  run(call: ProgramCall, limitMs: number = Number.POSITIVE_INFINITY): Promise<OutsideAnswer> {
    if (this.#isClosed) return Promise.resolve(failure('the waf is closed'));
    const answer = this.#run(call, Math.min(limitMs, this.#limits.timeoutMs));
    this.#pending.add(answer);
    void answer.then(() => this.#pending.delete(answer));
    return answer;
  }

  /** Takes no more calls and waits for those that it took, each within its time. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#pending);
  }

  async #run(call: ProgramCall, timeoutMs: number): Promise<OutsideAnswer> {
    const { maxRunning, maxWaiting } = this.#limits;
    const deadline = performance.now() + timeoutMs;
    if (!this.#allowed.has(call.path)) return failure('the program is not allowed to run');
    const fault = argumentFault(call.argument);
    if (fault !== undefined) return failure(fault);
    if (this.#free > 0) this.#free--;
    else {
      if (this.#waiting.length >= maxWaiting) {
        return failure(`${maxRunning} programs run and ${maxWaiting} wait already`);
      }
      const refused = await this.#turn(timeoutMs);
      if (refused !== undefined) return failure(refused);
    }
    try {
      return await this.#spawned(call, Math.max(1, deadline - performance.now()));
    } finally {
      // The place goes from hand to hand, so that nobody who comes meanwhile takes it.
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  /** Waits for a free place; a text: why there is none. */
  #turn(limitMs: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve(undefined);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        resolve(`no program has ended within ${Math.round(limitMs)} ms`);
      }, limitMs);
      this.#waiting.push(go);
    });
  }

  #spawned({ path, argument, environment }: ProgramCall, limitMs: number): Promise<OutsideAnswer> {
    const { maxOutputBytes } = this.#limits;
    return new Promise((resolve) => {
      let child: ChildProcess;
      const chunks: Buffer[] = [];
      let length = 0;
      let timer: NodeJS.Timeout | undefined;
      let isSettled = false;
      const settle = (answer: OutsideAnswer): void => {
        isSettled = true;
        clearTimeout(timer);
        child.stdout?.destroy();
        resolve(answer);
      };
      const end = (why: string): void => {
        kill(child);
        settle(failure(why));
      };
      try {
        child = spawn(path, argument === undefined ? [] : [textOf(argument) ?? ''], {
          cwd: dirname(path),
          env: environmentOf(environment),
          stdio: ['ignore', 'pipe', 'ignore'],
          // A group of its own, so that what it starts ends with it.
          detached: true,
        });
      } catch (error) {
        resolve(failure(`it could not be started: ${reasonOf(error)}`));
        return;
      }
      timer = setTimeout(() => end(`it has not ended within ${Math.round(limitMs)} ms`), limitMs);
      child.on('error', (error) => settle(failure(`it could not be started: ${reasonOf(error)}`)));
      child.stdout?.on('data', (chunk: Buffer) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length > maxOutputBytes) end(`it has printed more than ${maxOutputBytes} bytes`);
      });
      const ended = (status: number | null, signal: string | null): void => {
        if (status === null) settle(failure(`it was ended by ${signal}`));
        else settle({ kind: 'output', text: Buffer.concat(chunks).toString('latin1'), status });
      };
      child.on('close', ended);
      child.on('exit', (status, signal) => {
        if (isSettled) return;
        clearTimeout(timer);
        timer = setTimeout(() => {
          kill(child);
          ended(status, signal);
        }, LAST_OUTPUT_MS);
      });
    });
  }
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has ended.
  }
}

function argumentFault(argument: string | undefined): string | undefined {
  if (argument === undefined) return undefined;
  if (argument.length > LONGEST_ARGUMENT) {
    return `the value is longer than a path (${LONGEST_ARGUMENT} bytes); inspect FILES_TMPNAMES`;
  }
  if (argument.startsWith('-'))
    return 'the value begins with "-", which programs take for an option';
  if (argument.includes('\0')) return 'the value holds a NUL byte, which no argument can';
  return textOf(argument) === undefined ? 'the value is not UTF-8' : undefined;
}

/** Node hands over texts as UTF-8; undefined for bytes that would come out as others. */
function textOf(bytes: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fromByteString(bytes));
  } catch {
    return undefined;
  }
}

function environmentOf(variables: ProgramCall['environment']): Record<string, string> {
  const environment: Record<string, string> = { PATH: process.env['PATH'] ?? DEFAULT_PATH };
  for (const [name, value] of Object.entries(variables)) {
    const bytes = value.replaceAll('\0', '');
    environment[name] = textOf(bytes) ?? bytes.replace(/[^\x20-\x7e]/g, '?');
  }
  return environment;
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such program, or no interpreter for it';
  if (code === 'EACCES') return 'it is not executable';
  return error instanceof Error ? error.message : String(error);
}
