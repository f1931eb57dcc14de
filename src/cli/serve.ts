// portcullis serve: a reverse proxy that has every exchange judged by the rules.

import type { AddressInfo } from 'node:net';
import { Command, Option } from 'commander';
import type { UpstreamAddress } from '../adapters/upstream-socket.ts';
import { installedCrsVersions } from '../waf/crs-home.ts';
import { demoHints } from './demo/hints.ts';
import { startDemoUpstream } from './demo/upstream.ts';
import { FailureError, type Output, processOutput, UsageError } from './output.ts';
import { addRulesOptions, type LoadedRules, loadRulesFromOptions } from './rules-options.ts';
import { openServeLogs, writesLogs } from './serve-logs.ts';
import { checkServeOptions, type ServeOptions, type ServeSettings } from './serve-options.ts';
import { startProxy, untilDrained } from './serve-process.ts';
import { isWorker, leaveWorkers, superviseWorkers } from './serve-workers.ts';

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
    .option('--error-log <file>', 'one line for each match, as ModSecurity writes to the error log')
    .option(
      '--no-rule-logs',
      'do not write the logs that rules ask for with SecAuditLog and SecDebugLog',
    )
    .addHelpText(
      'after',
      `
Each exchange is one line on stdout. SIGHUP opens log files anew, after a rotation. SIGTERM and SIGINT finish what runs and exit with status 0.

Examples:
  portcullis serve --demo
  portcullis serve --crs starter --upstream http://127.0.0.1:3000
  portcullis serve --crs 4 --paranoia 2 --rules exclusions.conf --upstream http://app:8000 \\
    --listen [::]:80 --workers auto --trust-forwarded 10.0.0.0/8 --json`,
    );
  addRulesOptions(command);
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
  const { settings, rules } = checkAll(options, output);
  if (isWorker()) {
    try {
      await serveHere(rules, settings, options, output, () => {});
    } finally {
      leaveWorkers();
    }
    return;
  }
  const demo = settings.upstream === undefined ? await startDemoUpstream() : undefined;
  const upstream = settings.upstream ?? demo?.address;
  if (upstream === undefined) throw new TypeError('there is always an upstream by now');
  const greet = (address: string, port: number): void => {
    output.talk(greeting(rules, upstream, options, address, port));
  };
  try {
    if (settings.workers === 1) {
      await serveHere(rules, { ...settings, upstream }, options, output, ({ address, port }) =>
        greet(address, port),
      );
    } else {
      process.exitCode = await superviseWorkers({
        count: settings.workers,
        graceMs: settings.graceMs,
        hasLogs: writesLogs(rules.ruleset, options),
        environment: demo === undefined ? {} : { [DEMO_PORT]: String(demo.address.port) },
        output,
        onListening: greet,
      });
    }
  } finally {
    demo?.close();
  }
}

/** Problems of the options and of the rules together. */
function checkAll(
  options: ServeOptions,
  output: Output,
): { settings: ServeSettings; rules: LoadedRules } {
  const { settings, problems } = checkServeOptions(options);
  // A worker's warnings are its primary's, which have been told.
  const quiet = isWorker() ? { ...output, talk: () => {} } : output;
  if (problems.length === 0) return { settings, rules: loadRulesFromOptions(options, quiet) };
  const all = [...problems];
  try {
    loadRulesFromOptions(options, { ...output, talk: () => {} });
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof FailureError)) throw error;
    all.push(error.message);
  }
  throw new UsageError(all.join('\nportcullis: '));
}

async function serveHere(
  rules: LoadedRules,
  settings: ServeSettings,
  options: ServeOptions,
  output: Output,
  onListening: (address: AddressInfo) => void,
): Promise<void> {
  const upstream = settings.upstream ?? inheritedDemo();
  const logs = openServeLogs(rules.ruleset, options, output);
  try {
    const context = { upstream, settings, options, logs, output };
    const { proxy, address } = await startProxy(rules.ruleset, context);
    onListening(address);
    await untilDrained(proxy, settings.graceMs, output);
  } finally {
    await logs.close();
  }
}

function inheritedDemo(): UpstreamAddress {
  return { secure: false, host: '127.0.0.1', port: Number(process.env[DEMO_PORT]) };
}

function greeting(
  rules: LoadedRules,
  upstream: UpstreamAddress,
  options: ServeOptions,
  address: string,
  port: number,
): string {
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const { ruleEngine } = rules.ruleset.settings;
  const mode = ruleEngine === 'On' ? '' : ` (engine ${ruleEngine}: nothing is blocked)`;
  const behind = options.demo
    ? 'the demo application'
    : `${upstream.secure ? 'https' : 'http'}://${upstream.host}:${upstream.port}`;
  const first = `portcullis: ${url} -> ${behind}, rules: ${rules.names.join(', ')}${mode}\n`;
  if (options.demo !== true) return first;
  return `${first}\n${demoHints(url)}\nCtrl-C ends. Exchanges:\n\n`;
}
