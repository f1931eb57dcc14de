// portcullis serve: a reverse proxy that has every exchange judged by the rules.

import type { AddressInfo } from 'node:net';
import { Command, Option } from 'commander';
import type { AdminServer } from '../adapters/admin/admin-server.ts';
import type { ListenAddress } from '../adapters/http1/server.ts';
import type { ReverseProxy } from '../adapters/reverse-proxy.ts';
import type { UpstreamAddress } from '../adapters/upstream-socket.ts';
import { installedCrsVersions } from '../waf/crs-home.ts';
import { addCacheOptions } from './cache-options.ts';
import { demoHints } from './demo/hints.ts';
import { startDemoUpstream } from './demo/upstream.ts';
import { FailureError, type Output, processOutput, UsageError } from './output.ts';
import { addOutsideOptions } from './outside-options.ts';
import { type PolicyLoader, policyLoader } from './policy-loader.ts';
import { addPolicyOptions } from './policy-options.ts';
import { addRulesOptions, type LoadedRules } from './rules-options.ts';
import { adminToken } from './serve-admin-options.ts';
import { openServeLogs, writesLogs } from './serve-logs.ts';
import { limitHeap } from './serve-memory.ts';
import { checkServeOptions, type ServeOptions, type ServeSettings } from './serve-options.ts';
import { listenProblem, startProxy, untilDrained } from './serve-process.ts';
import { isShared } from './serve-state.ts';
import {
  type LoadedSetup,
  loadSetup,
  openServeWaf,
  PROCESS_KEY,
  processKey,
  type ServeWaf,
} from './serve-waf.ts';
import { isWorker, leaveWorkers, superviseWorkers } from './serve-workers.ts';
import { beginWork } from './start-calmly.ts';

/** Tells a worker where the demo upstream of its primary listens. */
const DEMO_PORT = 'PORTCULLIS_DEMO_PORT';

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('run a reverse proxy that judges requests and responses')
    .option('--upstream <url>', 'the server to protect, as http(s)://host:port')
    .option(
      '--listen <address>',
      'where to listen: PORT, HOST:PORT or [HOST]:PORT',
      '127.0.0.1:8080',
    )
    .option('--workers <n>', 'number of processes, or "auto" for one per core', '1')
    .option('--demo', 'a demo application as upstream, and what to try on it')
    .option('--json', 'one line of JSON per exchange')
    .option(
      '--trust-forwarded <proxies>',
      'believe X-Forwarded-For from this many proxies in front, or from these addresses (CIDR, comma-separated)',
    )
    .addOption(
      new Option('--host-header <whose>', 'the Host that the upstream gets')
        .choices(['client', 'upstream'])
        .default('client'),
    )
    .option(
      '--allow-compression',
      'let the upstream compress responses; rules then cannot read their bodies',
    )
    .option('--timeout <seconds>', 'how long the upstream may take to begin its answer', '60')
    .option('--grace <seconds>', 'how long running exchanges may take after SIGTERM', '10')
    .option('--max-connections <n>', 'clients connected at once, per process', '4096')
    .option(
      '--no-value-cache',
      'learn names and header values anew in each request; they are kept in up to 4 MiB otherwise',
    )
    .option('--error-log <file>', 'one line for each match, as ModSecurity writes to the error log')
    .option(
      '--state <store>',
      'where collections, counters and blocks are kept: "memory", or "lmdb:FOLDER", which processes share',
      'memory',
    )
    .option('--admin <address>', 'where the admin API listens, such as 127.0.0.1:9090')
    .option(
      '--admin-token-file <file>',
      'the token of the admin API; default: PORTCULLIS_ADMIN_TOKEN in the environment',
    )
    .option('--admin-remote', 'let the admin API listen where other machines reach it')
    .option(
      '--revisions <dir>',
      'where the admin API keeps revisions; default: .portcullis/revisions beside the policy',
    )
    .option(
      '--no-rule-logs',
      'do not write the logs that rules ask for with SecAuditLog and SecDebugLog',
    )
    .addHelpText(
      'after',
      `
Each exchange is one line on stdout. SIGHUP loads rules and policy anew and opens log files anew; rules or a policy with
errors are refused, and what was running goes on. SIGTERM and SIGINT finish what runs and exit with status 0.

Examples:
  portcullis serve --demo
  portcullis serve --crs starter --upstream http://127.0.0.1:3000
  portcullis serve --crs 4 --paranoia 2 --rules exclusions.conf --upstream http://app:8000 \\
    --listen [::]:80 --workers auto --trust-forwarded 10.0.0.0/8 --json
  portcullis serve --crs starter --policy shop.yaml --state lmdb:/var/lib/portcullis \\
    --admin 127.0.0.1:9090 --admin-token-file token --upstream http://127.0.0.1:3000`,
    );
  addRulesOptions(command);
  addCacheOptions(command);
  addPolicyOptions(command);
  addOutsideOptions(command, 'system');
  return command.action(async (options: ServeOptions) => {
    await serve(withDemoRules(options), processOutput());
  });
}

/** The demo needs rules even when nobody names any: an installed CRS, else the starter rules. */
function withDemoRules(options: ServeOptions): ServeOptions {
  if (options.demo !== true || options.crs !== undefined || options.rules.length > 0)
    return options;
  return { ...options, crs: installedCrsVersions()[0] ?? 'starter' };
}

async function serve(options: ServeOptions, output: Output): Promise<void> {
  const key = processKey();
  const { settings, setup } = checkAll(options, key, await policyLoader(options), output);
  if (isWorker()) {
    try {
      await serveHere(setup, key, settings, options, output, () => {});
    } finally {
      leaveWorkers();
    }
    return;
  }
  const demo = settings.upstream === undefined ? await startDemoUpstream() : undefined;
  const upstream = settings.upstream ?? demo?.address;
  if (upstream === undefined) throw new TypeError('there is always an upstream by now');
  const greet = (address: string, port: number): void => {
    output.talk(greeting(setup, upstream, options, address, port));
  };
  try {
    if (settings.workers === 1) {
      await serveHere(setup, key, { ...settings, upstream }, options, output, ({ address, port }) =>
        greet(address, port),
      );
    } else {
      limitHeap();
      process.exitCode = await superviseWorkers({
        count: settings.workers,
        graceMs: settings.graceMs,
        reloads: reloads(setup.rules, options),
        environment: {
          [PROCESS_KEY]: Buffer.from(key).toString('hex'),
          ...(demo !== undefined && { [DEMO_PORT]: String(demo.address.port) }),
        },
        output,
        onListening: greet,
      });
    }
  } finally {
    demo?.close();
  }
}

/** Problems of the options, the rules and the policy together. */
function checkAll(
  options: ServeOptions,
  key: Uint8Array,
  loadPolicy: PolicyLoader,
  output: Output,
): { settings: ServeSettings; setup: LoadedSetup } {
  const { settings, problems } = checkServeOptions(options);
  // A worker's warnings are its primary's, which have been told.
  const quiet = isWorker() ? { ...output, talk: () => {} } : output;
  if (problems.length === 0) {
    if (options.admin !== undefined) adminToken(options);
    warnOfState(options, settings, quiet);
    const setup = loadSetup(options, key, loadPolicy, quiet);
    if (setup.policy?.hasRandomKey === true && isShared(options.state)) {
      quiet.talk(
        'portcullis: the policy has no hashKey, so what the state keeps of actors is not found after a restart\n',
      );
    }
    return { settings, setup };
  }
  const all = [...problems];
  try {
    loadSetup(options, key, loadPolicy, { ...output, talk: () => {} });
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof FailureError)) throw error;
    all.push(error.message);
  }
  throw new UsageError(all.join('\nportcullis: '));
}

function warnOfState(
  { policy, state }: ServeOptions,
  { workers }: ServeSettings,
  output: Output,
): void {
  if (policy.length === 0 || workers === 1 || isShared(state)) return;
  output.talk(
    `portcullis: ${workers} workers with state in memory: each counts and blocks for itself; --state lmdb:FOLDER shares it\n`,
  );
}

/** Without logs and a policy, the demo keeps the meaning of SIGHUP: the terminal is gone, and so is the server. */
function reloads({ ruleset }: LoadedRules, options: ServeOptions): boolean {
  return options.demo !== true || options.policy.length > 0 || writesLogs(ruleset, options);
}

async function serveHere(
  setup: LoadedSetup,
  key: Uint8Array,
  settings: ServeSettings,
  options: ServeOptions,
  output: Output,
  onListening: (address: AddressInfo) => void,
): Promise<void> {
  const upstream = settings.upstream ?? inheritedDemo();
  const { ruleset } = setup.rules;
  const logs = openServeLogs(ruleset, options, output);
  let serving: ServeWaf | undefined;
  let admin: AdminServer | undefined;
  const reload = (): void => {
    serving?.sinks.reopen();
    serving?.reload();
  };
  try {
    serving = openServeWaf(setup, options, key, logs, output);
    beginWork();
    limitHeap();
    if (reloads(setup.rules, options)) process.on('SIGHUP', reload);
    const { proxy, address } = await startProxy(ruleset, {
      upstream,
      settings,
      options,
      serving,
      output,
    });
    if (settings.admin !== undefined) {
      const { openAdmin } = await import('./serve-admin.ts');
      admin = openAdmin(serving, options, key, () => proxy.connections, output);
      await startAdmin(admin, settings.admin, proxy, output);
    }
    onListening(address);
    await untilDrained(proxy, settings.graceMs, output);
  } finally {
    process.off('SIGHUP', reload);
    await admin?.close();
    await serving?.close();
    await logs.close();
  }
}

async function startAdmin(
  admin: AdminServer,
  listen: ListenAddress,
  proxy: ReverseProxy,
  output: Output,
): Promise<void> {
  try {
    const { address, port } = await admin.listen(listen);
    output.talk(`portcullis: admin API on ${urlOf(address, port)}\n`);
  } catch (error) {
    await proxy.drain(0);
    throw listenProblem(error, listen);
  }
}

const urlOf = (address: string, port: number): string =>
  `http://${address.includes(':') ? `[${address}]` : address}:${port}`;

function inheritedDemo(): UpstreamAddress {
  return { secure: false, host: '127.0.0.1', port: Number(process.env[DEMO_PORT]) };
}

function greeting(
  { rules, policy }: LoadedSetup,
  upstream: UpstreamAddress,
  options: ServeOptions,
  address: string,
  port: number,
): string {
  const url = urlOf(address, port);
  const { ruleEngine } = rules.ruleset.settings;
  const mode = ruleEngine === 'On' ? '' : ` (engine ${ruleEngine}: nothing is blocked)`;
  const behind = options.demo
    ? 'the demo application'
    : `${upstream.secure ? 'https' : 'http'}://${upstream.host}:${upstream.port}`;
  const names = rules.names.length === 0 ? 'none' : rules.names.join(', ');
  const files = policy === undefined ? '' : `, policy: ${options.policy.join(', ')}`;
  const first = `portcullis: ${url} -> ${behind}, rules: ${names}${files}${mode}\n`;
  if (options.demo !== true) return first;
  return `${first}\n${demoHints(url)}\nCtrl-C ends. Exchanges:\n\n`;
}
