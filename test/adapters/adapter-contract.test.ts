import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { protectFetch } from '../../src/adapters/fetch.ts';
import { protect } from '../../src/adapters/node-http.ts';
import { type Application, type MakeAdapter, runAdapterContract } from './adapter-contract.case.ts';
import { block, fakeSource } from './support/fake-exchanges.ts';
import { sendOverHttp } from './support/over-http.ts';
import { runProxy } from './support/running-proxy.ts';
import { httpUpstream } from './support/upstreams.ts';

function respond(
  application: Application,
  request: Parameters<Application>[0],
  response: ServerResponse,
): void {
  const { status = 200, headers = {}, body = [] } = application(request);
  response.writeHead(status, headers);
  for (const piece of body) response.write(Buffer.from(piece, 'latin1'));
  response.end();
}

function fieldsOf(flat: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let at = 0; at + 1 < flat.length; at += 2) {
    fields[(flat[at] as string).toLowerCase()] = flat[at + 1] as string;
  }
  return fields;
}

const reverseProxy: MakeAdapter = async (source, application) => {
  const upstream = await httpUpstream((request, response) =>
    respond(application, { ...request, headers: fieldsOf(request.headers) }, response),
  );
  const proxy = await runProxy(upstream.port, { source });
  return {
    send: (method, target, body, headers) =>
      sendOverHttp(proxy.port, method, target, body, headers),
    close: async () => {
      await proxy.close();
      await upstream.close();
    },
  };
};

const nodeHttp: MakeAdapter = async (source, application) => {
  const server = createServer(
    protect(source, async (request, response) => {
      let body = '';
      for await (const chunk of request) body += (chunk as Buffer).toString('latin1');
      respond(
        application,
        {
          method: request.method ?? '',
          url: request.url ?? '',
          body,
          headers: request.headers as Record<string, string>,
        },
        response,
      );
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    send: (method, target, body, headers) => sendOverHttp(port, method, target, body, headers),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const fetchStyle: MakeAdapter = async (source, application) => {
  const answer = protectFetch(source, async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const body = Buffer.from(await request.arrayBuffer()).toString('latin1');
    const given = application({
      method: request.method,
      url: pathname + search,
      body,
      headers: Object.fromEntries(request.headers),
    });
    const { status = 200, headers = {} } = given;
    const pieces = [...(given.body ?? [])];
    const stream = new ReadableStream({
      pull(controller): void {
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(Buffer.from(piece, 'latin1'));
      },
    });
    return new Response(request.method === 'HEAD' ? null : stream, { status, headers });
  });
  return {
    send: async (method, target, body, headers = {}) => {
      const init = {
        method,
        headers,
        ...(body !== undefined && { body: Buffer.from(body, 'latin1') }),
      };
      const response = await answer(new Request(`http://shop.test${target}`, init));
      return {
        status: response.status,
        body: Buffer.from(await response.arrayBuffer()).toString('latin1'),
        headers: Object.fromEntries(response.headers),
      };
    },
    close: async () => {},
  };
};

describe('the reverse proxy', () => runAdapterContract(reverseProxy));
describe('the node:http adapter', () => {
  runAdapterContract(nodeHttp);

  it('closes the connection on drop', async () => {
    const adapter = await nodeHttp(fakeSource({ requestHead: () => block(0, 'drop') }), () => ({}));
    await expect(adapter.send('GET', '/')).rejects.toThrow();
    await adapter.close();
  });

  it('answers 500 when the listener throws', async () => {
    const adapter = await nodeHttp(fakeSource(), () => {
      throw new Error('the application is broken');
    });
    expect((await adapter.send('GET', '/')).status).toBe(500);
    await adapter.close();
  });
});
describe('the fetch adapter', () => {
  runAdapterContract(fetchStyle);

  it('refuses a body longer than it holds', async () => {
    const answer = protectFetch(fakeSource(), () => new Response('ok'), { maxRequestBytes: 10 });
    const request = new Request('http://a/', { method: 'POST', body: 'x'.repeat(11) });
    expect((await answer(request)).status).toBe(413);
  });
});
