import { describe, expect, it } from 'vitest';
import { checkServeOptions, type ServeOptions } from '../../src/cli/serve-options.ts';

const DEFAULTS: ServeOptions = {
  policy: [],
  allowProgram: [],
  state: 'memory',
  rules: [],
  upstream: 'http://app:3000',
  listen: '127.0.0.1:8080',
  workers: '1',
  hostHeader: 'client',
  grace: '10',
  timeout: '60',
  maxConnections: '4096',
};

describe('checkServeOptions', () => {
  it.each([
    ['http://app:3000', { secure: false, host: 'app', port: 3000 }],
    ['http://app', { secure: false, host: 'app', port: 80 }],
    ['https://app/', { secure: true, host: 'app', port: 443 }],
    ['http://[::1]:8000', { secure: false, host: '::1', port: 8000 }],
  ])('reads the upstream %s', (upstream, expected) => {
    const { settings, problems } = checkServeOptions({ ...DEFAULTS, upstream });
    expect(problems).toEqual([]);
    expect(settings.upstream).toEqual(expected);
  });

  it.each([
    ['8080', { host: '127.0.0.1', port: 8080 }],
    [':8080', { host: '127.0.0.1', port: 8080 }],
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['[::]:80', { host: '::', port: 80 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
  ])('reads the address %s', (listen, expected) => {
    const { settings, problems } = checkServeOptions({ ...DEFAULTS, listen });
    expect(problems).toEqual([]);
    expect(settings.listen).toEqual(expected);
  });

  it.each<[Partial<ServeOptions>, number]>([
    [{ upstream: 'app:3000' }, 1],
    [{ upstream: 'http://app/path' }, 1],
    [{ upstream: 'http://user@app' }, 1],
    [{ demo: true }, 1],
    [{ listen: 'x' }, 1],
    [{ listen: '1:99999' }, 1],
    [{ workers: '-1', grace: 'x', timeout: '0', maxConnections: '' }, 4],
    [{ trustForwarded: '1.2.3' }, 1],
  ])('counts the mistakes in %j', (options, count) => {
    expect(checkServeOptions({ ...DEFAULTS, ...options }).problems).toHaveLength(count);
  });

  it('needs no upstream for the demo', () => {
    const { upstream: _upstream, ...rest } = DEFAULTS;
    expect(checkServeOptions({ ...rest, demo: true }).problems).toEqual([]);
    expect(checkServeOptions(rest).problems).toHaveLength(1);
  });

  it('takes "auto" for one worker per core', () => {
    const { settings } = checkServeOptions({ ...DEFAULTS, workers: 'auto' });
    expect(settings.workers).toBeGreaterThan(0);
  });

  it.each<[Partial<ServeOptions>, number]>([
    [{ admin: '127.0.0.1:9090' }, 0],
    [{ admin: '[::1]:9090' }, 0],
    [{ admin: 'localhost:9090' }, 0],
    [{ admin: '0.0.0.0:9090' }, 1],
    [{ admin: 'admin.test:9090' }, 1],
    [{ admin: '0.0.0.0:9090', adminRemote: true }, 0],
    [{ admin: '127.0.0.1:9090', workers: '2' }, 1],
    [{ admin: 'x' }, 1],
    [{ adminTokenFile: 'token', adminRemote: true, revisions: 'x' }, 3],
    [{ state: 'lmdb:/var/lib/x' }, 0],
    [{ state: 'lmdb:' }, 1],
    [{ state: 'redis' }, 1],
  ])('judges the admin API and the state in %j', (options, count) => {
    expect(checkServeOptions({ ...DEFAULTS, ...options }).problems).toHaveLength(count);
  });
});
