// The admin API on a free loopback port, over a policy in a folder of its own and a waf that runs it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actorDesk } from '../../../src/adapters/admin/actor-desk.ts';
import { createAdminServer } from '../../../src/adapters/admin/admin-server.ts';
import { eventRing } from '../../../src/adapters/admin/event-ring.ts';
import { wafMetrics } from '../../../src/adapters/metrics/waf-metrics.ts';
import { checkSubmission } from '../../../src/authoring/submission.ts';
import { memoryStore } from '../../../src/state/memory.ts';
import type { SyncStore } from '../../../src/state/store.ts';
import { createWaf, type Waf } from '../../../src/waf/create-waf.ts';
import { loadRuleset } from '../../../src/waf/load.ts';
import { checkPolicy, loadPolicy } from '../../../src/waf/policy.ts';
import { openPolicyBook } from '../../../src/waf/policy-book.ts';

export const TOKEN = 'a token of the tests, long enough'.replaceAll(' ', '-');
const RULES = 'SecRuleEngine On\nSecRule ARGS "@streq attack" "id:10,phase:1,deny"\n';

export interface AdminReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when it is no JSON. */
  readonly json: unknown;
}

export interface AdminRequest {
  readonly body?: unknown;
  /** Default: the right token. Null: none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RunningAdmin {
  readonly waf: Waf<'sync'>;
  readonly port: number;
  readonly faults: readonly unknown[];
  readonly read: () => string;
  readonly write: (text: string) => void;
  readonly ask: (method: string, path: string, request?: AdminRequest) => Promise<AdminReply>;
  readonly close: () => Promise<void>;
}

export interface AdminSetup {
  readonly store?: SyncStore;
  readonly putInForce?: () => void;
  readonly maxBodyBytes?: number;
  readonly withoutPolicy?: boolean;
  /** What it throws is a fault of the server. */
  readonly metrics?: () => void;
}

export async function runAdmin(document: string, setup: AdminSetup = {}): Promise<RunningAdmin> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-admin-'));
  const path = join(folder, 'shop.yaml');
  writeFileSync(path, document);
  const { store = memoryStore(), withoutPolicy = false } = setup;
  const ruleset = loadRuleset(RULES);
  const options = { marksByHand: true, processKey: new Uint8Array(32).fill(7), loaded: ruleset };
  const book = withoutPolicy ? undefined : openPolicyBook([path], { policy: options });
  let policy = withoutPolicy ? undefined : loadPolicy([{ name: path, text: document }], options);
  const events = eventRing(50);
  const metrics = wafMetrics({ version: '1.2.3', startedMs: 0 });
  const waf = createWaf({
    rules: ruleset,
    policy,
    state: store,
    events: {
      policy: (event) => {
        events.add(event, false);
        metrics.event(event);
      },
      finished: metrics.finished,
    },
  });
  const faults: unknown[] = [];
  const server = createAdminServer({
    token: TOKEN,
    onError: (error) => faults.push(error),
    ...(setup.maxBodyBytes !== undefined && { maxBodyBytes: setup.maxBodyBytes }),
    context: {
      version: '1.2.3',
      book,
      checkPolicy: (texts) => checkPolicy(texts, options),
      putInForce: (next) => {
        setup.putInForce?.();
        policy = next;
        waf.usePolicy(next);
      },
      explain: (record) => createWaf({ rules: ruleset, policy }).inspect(record),
      checkSubmission: (text, replaces) =>
        checkSubmission(text, { loaded: ruleset, ...(replaces !== undefined && { replaces }) }),
      events,
      actors: () => policy && actorDesk(policy.actors, async (ops) => store.run(ops, Date.now())),
      metrics: async () => {
        setup.metrics?.();
        return metrics.families();
      },
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    waf,
    port,
    faults,
    read: () => readFileSync(path, 'utf8'),
    write: (text) => writeFileSync(path, text),
    ask: async (method, target, { body, token = TOKEN, headers = {} } = {}) => {
      const response = await fetch(`http://127.0.0.1:${port}${target}`, {
        method,
        headers: {
          ...(token !== null && { Authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      let json: unknown;
      try {
        json = JSON.parse(text);
      } catch {
        json = undefined;
      }
      return { status: response.status, headers: response.headers, text, json };
    },
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array;
