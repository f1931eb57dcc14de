// A proxy on a free loopback port in front of a given upstream port.

import type { ExchangeReport } from '../../../src/adapters/proxy-report.ts';
import {
  createReverseProxy,
  type ReverseProxyOptions,
} from '../../../src/adapters/reverse-proxy.ts';

export interface RunningProxy {
  readonly port: number;
  readonly reports: ExchangeReport[];
  readonly faults: unknown[];
  drain(graceMs: number): Promise<{ cut: number }>;
  close(): Promise<void>;
}

export async function runProxy(
  upstreamPort: number,
  options: Omit<ReverseProxyOptions, 'upstream' | 'events'>,
): Promise<RunningProxy> {
  const reports: ExchangeReport[] = [];
  const faults: unknown[] = [];
  const proxy = createReverseProxy({
    ...options,
    upstream: { secure: false, host: '127.0.0.1', port: upstreamPort },
    events: {
      exchange: (report) => reports.push(report),
      fault: (error) => faults.push(error),
    },
  });
  const { port } = await proxy.listen({ host: '127.0.0.1', port: 0 });
  return {
    port,
    reports,
    faults,
    drain: (graceMs) => proxy.drain(graceMs),
    close: async () => {
      await proxy.drain(0);
    },
  };
}
