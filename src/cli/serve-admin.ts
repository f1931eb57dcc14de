// The admin API of `serve`: what it works on.

import { actorDesk } from '../adapters/admin/actor-desk.ts';
import { type AdminServer, createAdminServer } from '../adapters/admin/admin-server.ts';
import type { MetricFamily } from '../adapters/metrics/metric.ts';
import { checkSubmission } from '../authoring/submission.ts';
import type { ExchangeRecord } from '../model/exchange.ts';
import type { ExchangeOutcome, Mode } from '../model/transaction.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { memoryStore } from '../state/memory.ts';
import type { SyncStore } from '../state/store.ts';
import { createWaf, type Waf } from '../waf/create-waf.ts';
import { checkPolicy, type Policy } from '../waf/policy.ts';
import { openPolicyBook } from '../waf/policy-book.ts';
import type { Output } from './output.ts';
import { adminToken } from './serve-admin-options.ts';
import type { ServeOptions } from './serve-options.ts';
import { loadOptions, type ServeWaf } from './serve-waf.ts';
import { version } from './version.ts';

export function openAdmin(
  serving: ServeWaf,
  options: ServeOptions,
  key: Uint8Array,
  connections: () => number,
  output: Output,
): AdminServer {
  const { waf, store, events, metrics, policy, usePolicy } = serving;
  const policyOptions = {
    ...loadOptions(options, key),
    get loaded() {
      return waf.ruleset;
    },
  };
  const book =
    options.policy.length === 0
      ? undefined
      : openPolicyBook(options.policy, { revisions: options.revisions, policy: policyOptions });
  return createAdminServer({
    token: adminToken(options),
    onError: (error) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      output.talk(`portcullis: fault in the admin API\n${text}\n`);
    },
    context: {
      version: version(),
      book,
      checkPolicy: (texts) => checkPolicy(texts, policyOptions),
      putInForce: usePolicy,
      explain: explainer(waf, () => book && checkPolicy(book.texts(), policyOptions).policy),
      checkSubmission: (text, replaces) =>
        checkSubmission(text, {
          loaded: waf.ruleset,
          ...(replaces !== undefined && { replaces }),
        }),
      events,
      actors: () => {
        const current = policy();
        if (current === undefined) return undefined;
        return actorDesk(current.actors, async (operations) => store.run(operations, Date.now()));
      },
      metrics: async () => [...metrics.families(), ...processGauges(waf, connections())],
    },
  });
}

/**
 * Judges records as the waf would, with the policy on disk and an empty state for each. The rules are compiled
 * once. The policy is not the running one: that one keeps notes for the store of the waf.
 */
function explainer(
  serving: Pick<Waf<Mode>, 'ruleset'>,
  policyOnDisk: () => Policy | undefined,
): (record: ExchangeRecord) => ExchangeOutcome {
  let store = memoryStore();
  const state: SyncStore = {
    mode: 'sync',
    load: (...args) => store.load(...args),
    apply: (...args) => store.apply(...args),
    run: (...args) => store.run(...args),
    close: () => store.close(),
  };
  let compiled: { readonly ruleset: Ruleset; readonly waf: Waf<'sync'> } | undefined;
  return (record) => {
    const { ruleset } = serving;
    if (compiled?.ruleset !== ruleset) {
      compiled = { ruleset, waf: createWaf({ rules: ruleset, state }) };
    }
    compiled.waf.usePolicy(policyOnDisk());
    store = memoryStore();
    return compiled.waf.inspect(record);
  };
}

function processGauges(
  { cache }: Pick<Waf<Mode>, 'cache'>,
  connections: number,
): readonly MetricFamily[] {
  const one = (name: string, help: string, value: number): MetricFamily => ({
    name,
    help,
    type: 'gauge',
    labels: [],
    samples: [{ labels: [], value }],
  });
  return [
    one('portcullis_connections', 'Clients connected now.', connections),
    ...(cache === undefined
      ? []
      : [
          one(
            'portcullis_cache_hits',
            'Values that were known, since the last reload.',
            cache.hits,
          ),
          one('portcullis_cache_misses', 'Values that were not known.', cache.misses),
          one('portcullis_cache_bytes', 'What the cache of values holds.', cache.bytes),
        ]),
  ];
}
