// Asks name servers for the addresses of a name: for block lists (@rbl).
//
// Answers are remembered as long as the server says, within bounds, and who asks for a name that is being asked for
// waits for the same answer. So are failures, for a moment: name servers that are down must not hold up every request.

import { Resolver } from 'node:dns/promises';
import type { OutsideAnswer } from '../model/outside.ts';

export interface NameServerLimits {
  readonly timeoutMs: number;
  /** Names that are remembered. */
  readonly maxEntries: number;
  /** Names that are asked for at once; one more fails. */
  readonly maxRunning: number;
}

export const NAME_SERVER_LIMITS: NameServerLimits = Object.freeze({
  timeoutMs: 2000,
  maxEntries: 10_000,
  maxRunning: 256,
});

export interface FoundAddress {
  readonly address: string;
  /** Seconds for which it may be remembered. */
  readonly ttl: number;
}

/** The addresses of a name; empty when there are none. Rejects when nobody could tell. */
export type ResolveAddresses = (name: string) => Promise<readonly FoundAddress[]>;

const SHORTEST_MS = 30_000;
const LONGEST_MS = 3_600_000;
/** Block lists let "not listed" hold for minutes. */
const ABSENT_MS = 300_000;
const FAILED_MS = 5000;

interface Remembered {
  readonly answer: OutsideAnswer;
  readonly untilMs: number;
}

export class NameServers {
  readonly #resolve: ResolveAddresses;
  readonly #limits: NameServerLimits;
  readonly #nowMs: () => number;
  readonly #remembered = new Map<string, Remembered>();
  readonly #running = new Map<string, Promise<OutsideAnswer>>();

  constructor(
    resolve: ResolveAddresses,
    limits: NameServerLimits,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#resolve = resolve;
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  get timeoutMs(): number {
    return this.#limits.timeoutMs;
  }

  /** Never rejects, and settles within `limitMs`; the question goes on for those who ask later. */
  addresses(name: string, limitMs: number = Number.POSITIVE_INFINITY): Promise<OutsideAnswer> {
    const answer = this.#addresses(name);
    return limitMs < this.#limits.timeoutMs ? within(answer, limitMs) : answer;
  }

  #addresses(name: string): Promise<OutsideAnswer> {
    const key = name.toLowerCase();
    const known = this.#remembered.get(key);
    if (known !== undefined && this.#nowMs() < known.untilMs) return Promise.resolve(known.answer);
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    if (this.#running.size >= this.#limits.maxRunning) {
      const message = `${this.#limits.maxRunning} names are being asked for already`;
      return Promise.resolve({ kind: 'failure', message });
    }
    const answer = this.#ask(key).finally(() => this.#running.delete(key));
    this.#running.set(key, answer);
    return answer;
  }

  async #ask(name: string): Promise<OutsideAnswer> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        const { timeoutMs } = this.#limits;
        const error = new Error(`the name servers have not answered within ${timeoutMs} ms`);
        timer = setTimeout(() => reject(error), timeoutMs);
      });
      const found = await Promise.race([this.#resolve(name), late]);
      const ttlMs = Math.min(...found.map(({ ttl }) => ttl * 1000));
      const keptMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ttlMs));
      const addresses = found.map(({ address }) => address);
      return this.#remember(
        name,
        { kind: 'addresses', addresses },
        found.length === 0 ? ABSENT_MS : keptMs,
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return this.#remember(name, { kind: 'failure', message }, FAILED_MS);
    } finally {
      clearTimeout(timer);
    }
  }

  #remember(name: string, answer: OutsideAnswer, forMs: number): OutsideAnswer {
    this.#remembered.delete(name);
    this.#remembered.set(name, { answer, untilMs: this.#nowMs() + forMs });
    if (this.#remembered.size > this.#limits.maxEntries) {
      const oldest = this.#remembered.keys().next();
      if (!oldest.done) this.#remembered.delete(oldest.value);
    }
    return answer;
  }
}

async function within(answer: Promise<OutsideAnswer>, limitMs: number): Promise<OutsideAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<OutsideAnswer>((resolve) => {
    const message = `the name servers have not answered within ${Math.round(limitMs)} ms`;
    timer = setTimeout(() => resolve({ kind: 'failure', message }), limitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

const ABSENT: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

const WITH_PORT = /^(?:[\d.]+|\[[^\]]*\]):(\d+)$/;

/** `servers`: addresses with or without a port, such as `127.0.0.1:5353`; undefined: the system's. Throws a TypeError. */
export function askServers(
  servers: readonly string[] | undefined,
  timeoutMs: number,
): ResolveAddresses {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  // Node takes any number for a port.
  const wrong = servers?.find((one) => Number(WITH_PORT.exec(one)?.[1] ?? 0) > 65_535);
  if (wrong !== undefined) {
    throw new TypeError(`"${wrong}" is not the address of a name server`);
  }
  if (servers !== undefined) resolver.setServers(servers);
  return async (name) => {
    try {
      return await resolver.resolve4(name, { ttl: true });
    } catch (error) {
      if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  };
}
