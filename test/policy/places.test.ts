import { describe, expect, it } from 'vitest';
import { policyUnderTest } from './support.ts';

const shop = (target: object, more: object = {}) =>
  policyUnderTest({
    services: [{ name: 'shop', hosts: 'shop.test' }],
    endpoints: [
      { name: 'user', method: 'GET', path: '/users/{id}' },
      { name: 'me', path: '/users/me' },
      { name: 'admin', path: '/admin' },
    ],
    signatures: [{ name: 'sig', action: 'block', target, ...more }],
  });

describe('an endpoint', () => {
  it.each([
    ['/admin'],
    ['/admin/'],
    ['//admin'],
    ['/./admin'],
    ['/x/../admin'],
    ['/x/%2e%2e/admin'],
    ['/%61dmin'],
    ['/admin?x=1'],
    ['/admin#x'],
    ['http://shop.test/admin'],
    ['HTTP://SHOP.TEST/admin'],
  ])('is recognised in %s', (uri) => {
    expect(shop({ endpoints: 'admin' }).ask({ uri }).rule).toBe('sig');
  });

  it('is not mistaken for another', () => {
    const { ask } = shop({ endpoints: ['user', 'admin'] });
    for (const uri of ['/administrator', '/users', '/users/', '/users/1/2', '/users/me', '*', '']) {
      expect(ask({ uri }).effect).toBe('allow');
    }
    expect(ask({ method: 'POST', uri: '/users/1' }).effect).toBe('allow');
  });

  it('takes one segment as one, as applications do that split before they decode', () => {
    const { ask } = shop({ endpoints: 'user' });
    for (const uri of ['/users/1', '/users/1%2F', '/users/a%2Fb', '/users/%2e']) {
      expect(ask({ uri }).rule).toBe('sig');
    }
  });

  it('is asked with HEAD where it is asked with GET', () => {
    expect(shop({ endpoints: 'user' }).ask({ method: 'HEAD', uri: '/users/1' }).rule).toBe('sig');
  });
});

describe('a service', () => {
  const hosted = (host: string, uri = '/') => ({
    uri,
    headers: [['Host', host]] as const,
  });
  it.each(['shop.test', 'SHOP.test', 'shop.test:8443', 'shop.test.', 'shop.test.:80'])(
    'is found under %s',
    (host) => {
      const { ask } = policyUnderTest({
        services: [{ name: 's', hosts: 'shop.test' }],
        signatures: [{ name: 'sig', action: 'block', target: { services: 's' } }],
      });
      expect(ask({ ...hosted(host), replacesHost: true }).rule).toBe('sig');
      expect(ask({ ...hosted('other.test'), replacesHost: true }).effect).toBe('allow');
    },
  );

  it('is the one of an absolute target, whatever Host says', () => {
    const { ask } = policyUnderTest({
      services: [{ name: 's', hosts: 'admin.test' }],
      signatures: [{ name: 'sig', action: 'block', target: { services: 's' } }],
    });
    expect(ask({ uri: 'http://admin.test/' }).rule).toBe('sig');
    expect(ask({ uri: 'http://user:pw@ADMIN.test.:80/x' }).rule).toBe('sig');
  });
});

describe('the URL', () => {
  it.each([
    ['^/admin', '/admin/x', 'block'],
    ['^shop\\.test/admin', '/admin/x', 'block'],
    ['^/admin/x\\?a=1$', '/admin/x?a=1', 'block'],
    ['^/admin', '/shop/admin', 'allow'],
    ['^admin', '/admin', 'allow'],
  ])('is tried for %s from its host on and from its path on: %s', (urls, uri, effect) => {
    expect(shop({ urls }).ask({ uri }).effect).toBe(effect);
  });

  it('is not another one where it is said what it must not be', () => {
    const payload = { part: 'request.url', operator: 'notContains', value: 'shop.test/admin' };
    const { ask } = shop({ urls: '.' }, { payload });
    expect(ask({ uri: '/admin' }).effect).toBe('allow');
    expect(ask({ uri: '/other' }).effect).toBe('block');
  });

  it.each(['/admin/x', '/%61dmin/x', '//admin/x', '/a/../admin/x', '/%2e/admin/x'])(
    'of %s fits a pattern over the path that an application sees',
    (uri) => {
      expect(shop({ urls: 'shop\\.test/admin/' }).ask({ uri }).rule).toBe('sig');
      const payload = { part: 'request.path', operator: 'startsWith', value: '/admin/' };
      expect(shop({ urls: '/' }, { payload }).ask({ uri }).rule).toBe('sig');
    },
  );

  it('is negated for every form of it', () => {
    const payload = { part: 'request.path', operator: 'notEquals', value: '/ok' };
    const { ask } = shop({ urls: '/' }, { payload });
    expect(ask({ uri: '/ok' }).effect).toBe('allow');
    expect(ask({ uri: '/x' }).rule).toBe('sig');
  });
});

describe('the name of an endpoint that nobody described', () => {
  const nameOf = (uri: string): string | undefined =>
    policyUnderTest({
      signatures: [
        {
          name: 'all',
          action: 'monitor',
          payload: { part: 'request.method', operator: 'equals', value: 'GET' },
        },
      ],
    }).ask({ uri }).events[0]?.endpoint;

  it('holds no values of the request', () => {
    expect(nameOf('/orders/list.json')).toBe('GET /orders/list.json');
    expect(nameOf('/api/v2/users/42')).toBe('GET /api/v2/users/{}');
    for (const value of [
      'alice@example.com',
      'alice%40example.com',
      'eyJhbGciOiJIUzI1NiJ9.e30.abc',
      'sk_live_51Habcdefgh',
      'aZbYcXdWeVfU',
      '4111-1111-1111-1111',
      '%00%ff',
      'M%C3%BCller',
    ]) {
      expect(nameOf(`/reset/${value}`)).toBe('GET /reset/{}');
    }
  });
});
