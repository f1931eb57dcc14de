// A proxy with made-up rules in front of a made-up upstream; both are closed after each test.

import { afterEach } from 'vitest';
import { type FakeRules, fakeSource } from './fake-exchanges.ts';
import { type RunningProxy, runProxy } from './running-proxy.ts';
import { httpUpstream, type Respond, type TestUpstream } from './upstreams.ts';

type ProxyOptions = Partial<Parameters<typeof runProxy>[1]>;

export interface ProxyBench {
  readonly running: { close(): Promise<void> }[];
  setUp(
    rules?: FakeRules,
    respond?: Respond,
    options?: ProxyOptions,
  ): Promise<{
    proxy: RunningProxy;
    upstream: TestUpstream;
    source: ReturnType<typeof fakeSource>;
  }>;
}

export const GET = 'GET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n';

/** To be called at the top of a test file: what is pushed to `running` is closed after each test. */
export function proxyBench(): ProxyBench {
  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const part of running.splice(0)) await part.close();
  });
  return {
    running,
    async setUp(rules = {}, respond = undefined, options = {}) {
      const source = fakeSource(rules);
      const upstream = await httpUpstream(respond);
      const proxy = await runProxy(upstream.port, { source, ...options });
      running.push(proxy, upstream);
      return { proxy, upstream, source };
    },
  };
}
