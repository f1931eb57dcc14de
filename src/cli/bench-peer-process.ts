// Talks to the driver of a peer: commands go to its stdin, lines come back.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { BenchSubject, RecordVerdict } from './bench-subject.ts';
import { FailureError } from './output.ts';

export interface PeerProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly records: number;
}

const STDERR_KEPT = 4000;

/** `1234.5 942100,949110 949110:2:403` */
function outcomeOf(line: string): { us: number; verdict: RecordVerdict } | undefined {
  const [us, ids, stop] = line.split(' ');
  if (us === undefined || ids === undefined || stop === undefined) return undefined;
  const [rule = 0, phase = 0, status = 0] = stop.split(':').map(Number);
  return {
    us: Number(us),
    verdict: {
      matched: ids === '-' ? [] : ids.split(',').map(Number),
      interruption: stop === '-' ? null : { rule: rule === 0 ? null : rule, phase, status },
    },
  };
}

/** Throws `FailureError` with what the driver said when it ends or says something unexpected. */
export async function startPeer(options: PeerProcessOptions): Promise<BenchSubject> {
  const child: ChildProcess = spawn(options.command, [...options.args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('latin1')).slice(-STDERR_KEPT);
  });
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(`ended with ${code ?? signal}`));
  });
  // A driver that has ended is noticed by its missing answer.
  child.stdin?.on('error', () => {});
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[
    Symbol.asyncIterator
  ]();

  const line = async (): Promise<string> => {
    const next = await lines.next();
    if (next.done !== true) return next.value;
    throw new FailureError(`${options.name}: ${await ended}\n${said}`.trimEnd());
  };
  const words = async (expected: string): Promise<readonly string[]> => {
    const answer = (await line()).split(' ');
    if (answer[0] === expected) return answer;
    throw new FailureError(`${options.name}: expected "${expected}", got "${answer.join(' ')}"`);
  };
  const ask = (command: string): void => {
    child.stdin?.write(`${command}\n`);
  };
  const timed = async (from: number, count: number) => {
    ask(`timed ${from} ${count}`);
    const us = new Float64Array(count);
    for (let at = 0; at < count; at++) us[at] = Number(await line());
    const [, changed, cpuUs] = await words('changed');
    return { us, cpuUs: Number(cpuUs), changed: Number(changed) };
  };

  const [, version = '', loadUs = ''] = await words('ready');
  let firstUs = 0;
  return {
    name: options.name,
    version,
    loadMs: Number(loadUs) / 1000,
    firstPass: async () => {
      ask('first');
      const us = new Float64Array(options.records);
      const verdicts: RecordVerdict[] = [];
      for (let at = 0; at < options.records; at++) {
        const text = await line();
        const outcome = outcomeOf(text);
        if (outcome === undefined) throw new FailureError(`${options.name}: unexpected "${text}"`);
        us[at] = outcome.us;
        firstUs += outcome.us;
        verdicts.push(outcome.verdict);
      }
      return { us, verdicts };
    },
    // Native code has its pace at once.
    warmUp: async () => firstUs / options.records,
    timed,
    rssMb: async () => {
      ask('rss');
      return (Number((await words('rss'))[1]) * 1024) / 1e6;
    },
    close: async () => {
      // A driver in the middle of a request would not notice the end of its input.
      child.kill();
      await ended;
    },
  };
}
