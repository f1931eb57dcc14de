// What `serve` runs behind its proxy: the waf with its rules, policy, state and events, and how all of that is
// taken anew while it runs.
//
// Promise: rules and policy are put in force together or not at all. What cannot be loaded is refused aloud,
// and what was running goes on.

import { randomBytes } from 'node:crypto';
import { type EventRing, eventRing } from '../adapters/admin/event-ring.ts';
import { type OpenEventSinks, openEventSinks } from '../adapters/events/event-sinks.ts';
import { countedSyncStore } from '../adapters/metrics/counted-store.ts';
import { type WafMetrics, wafMetrics } from '../adapters/metrics/waf-metrics.ts';
import type { PolicyEvent } from '../model/policy-event.ts';
import type { SyncStore } from '../state/store.ts';
import { createWaf, type Waf } from '../waf/create-waf.ts';
import type { PolicyOptions as LoadOptions, Policy } from '../waf/policy.ts';
import { RulesetError } from '../waf/ruleset-error.ts';
import { FailureError, type Output, UsageError } from './output.ts';
import { outsideFromOptions } from './outside-options.ts';
import type { PolicyLoader } from './policy-loader.ts';
import { policyFiles } from './policy-options.ts';
import { type LoadedRules, loadRulesFromOptions } from './rules-options.ts';
import type { ServeLogs } from './serve-logs.ts';
import type { ServeOptions } from './serve-options.ts';
import { openState } from './serve-state.ts';
import { version } from './version.ts';

export interface ServeWaf {
  readonly waf: Waf<'async'>;
  readonly store: SyncStore;
  readonly sinks: OpenEventSinks;
  readonly events: EventRing;
  readonly metrics: WafMetrics;
  readonly policy: () => Policy | undefined;
  /** Puts another policy in force, with its sinks. Throws when a sink cannot be opened. */
  readonly usePolicy: (policy: Policy) => void;
  /** Loads rules and policy anew. False when they were refused. */
  readonly reload: () => boolean;
  readonly close: () => Promise<void>;
}

/** The rules and the policy that the options name. Throws with all their errors. */
export interface LoadedSetup {
  /** What has loaded the policy, and loads it again. */
  readonly loadPolicy: PolicyLoader;
  readonly rules: LoadedRules;
  readonly policy: Policy | undefined;
}

/** Tells workers the hash key of their primary, as hexadecimal digits. */
export const PROCESS_KEY = 'PORTCULLIS_PROCESS_KEY';
const KEY_BYTES = 32;

/** For hashes where the policy names no key: one for all processes of this server, as long as it runs. */
export function processKey(): Uint8Array {
  const given = process.env[PROCESS_KEY];
  return given === undefined ? randomBytes(KEY_BYTES) : Buffer.from(given, 'hex');
}

/** What policies of this process are loaded with, besides the options of the command line. */
export function loadOptions(options: ServeOptions, key: Uint8Array): LoadOptions {
  return {
    name: options.environment,
    point: options.point,
    processKey: key,
    marksByHand: options.admin !== undefined,
  };
}

export function loadSetup(
  options: ServeOptions,
  key: Uint8Array,
  loadPolicy: PolicyLoader,
  output: Output,
): LoadedSetup {
  const rules = loadRulesFromOptions(options, output, [], options.policy.length > 0);
  const more = loadOptions(options, key);
  const policy = loadPolicy(options, rules.ruleset, output, more);
  if (
    policy?.compiled.document.clientAddress !== undefined &&
    options.trustForwarded === undefined
  ) {
    output.talk(
      'portcullis: clientAddress is whom the policy takes for the client; rules, these lines and X-Forwarded-For go by --trust-forwarded, which is not given\n',
    );
  }
  return { loadPolicy, rules, policy };
}

export function openServeWaf(
  setup: LoadedSetup,
  options: ServeOptions,
  key: Uint8Array,
  logs: ServeLogs,
  output: Output,
): ServeWaf {
  let { policy } = setup;
  const events = eventRing();
  const sinks = openEventSinks({
    stdout: (line) => output.data(line),
    onError: onceAMinute(output),
  });
  const metrics = wafMetrics({
    version: version(),
    startedMs: Date.now(),
    sinks: () => sinks.sinks,
  });
  // Paths in a document stand beside its first file.
  const beside = policyFiles(options.policy)[0];
  const useSinks = (next: Policy | undefined): void => {
    try {
      sinks.use(next?.compiled.document.events, beside);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FailureError(`portcullis: cannot write events: ${reason}`);
    }
  };
  useSinks(policy);
  const store = countedSyncStore(openState(options.state), metrics.storeFailure);
  const outside = outsideFromOptions(options, output);
  const masks = (): boolean => policy?.compiled.document.events?.maskAddresses === true;
  const waf = createWaf({
    rules: setup.rules.ruleset,
    policy,
    state: store,
    ...(options.valueCache === false && { cache: false }),
    outside,
    audit: logs.audit,
    trace: logs.trace,
    events: {
      policy: (event: PolicyEvent) => {
        events.add(event, masks());
        metrics.event(event);
        sinks.tell(event);
      },
      finished: metrics.finished,
      ...(options.admin !== undefined && { policyStage: metrics.policyStage }),
    },
  });
  const usePolicy = (next: Policy): void => {
    useSinks(next);
    policy = next;
    waf.usePolicy(next);
  };
  return {
    waf,
    store,
    sinks,
    events,
    metrics,
    usePolicy,
    policy: () => policy,
    reload: () => {
      try {
        const next = loadSetup(options, key, setup.loadPolicy, output);
        useSinks(next.policy);
        waf.reload(next.rules.ruleset);
        waf.usePolicy(next.policy);
        policy = next.policy;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        metrics.reload(false);
        output.talk(`${error.message}\nportcullis: NOT RELOADED: what was running goes on\n`);
        return false;
      }
      metrics.reload(true);
      output.talk('portcullis: rules and policy are loaded anew\n');
      return true;
    },
    close: async () => {
      await sinks.close();
      await waf.close();
      await outside.close();
    },
  };
}

function isRefusal(error: unknown): error is Error {
  return (
    error instanceof FailureError || error instanceof UsageError || error instanceof RulesetError
  );
}

/** A sink that fails does so for every event; once a minute is enough to know. */
function onceAMinute({ talk }: Output): (error: unknown, sink: string) => void {
  const told = new Map<string, number>();
  return (error, sink) => {
    if (Date.now() - (told.get(sink) ?? 0) < 60_000) return;
    told.set(sink, Date.now());
    const reason = error instanceof Error ? error.message : String(error);
    talk(`portcullis: events could not be written (${sink}): ${reason}\n`);
  };
}
