import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { downloadArchive } from '../../src/waf/crs-download.ts';
import { CrsError } from '../../src/waf/crs-error.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/release.tar.gz`;
}

/** The real fetch, with an answer that claims to come over https: there is no certificate here. */
const overTls: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  Object.defineProperty(response, 'url', { value: response.url.replace(/^http:/, 'https:') });
  return response;
};

const OPTIONS = { maxBytes: 1000, timeoutMs: 5000, fetch: overTls };

describe('downloadArchive', () => {
  it('gives the bytes of an answer', async () => {
    const address = await serve((_, response) => {
      response.write('\x1f\x8b');
      response.end('rest');
    });
    const bytes = await downloadArchive(address, OPTIONS);
    expect(Buffer.from(bytes).toString('latin1')).toContain('rest');
  });

  it('follows redirects', async () => {
    const address = await serve((request, response) => {
      if (request.url === '/there') response.end('found');
      else response.writeHead(302, { location: '/there' }).end();
    });
    expect(Buffer.from(await downloadArchive(address, OPTIONS)).toString()).toBe('found');
  });

  it('refuses an answer that does not come over https', async () => {
    const address = await serve((_, response) => response.end('x'));
    const plain = { maxBytes: 1000, timeoutMs: 5000 };
    await expect(downloadArchive(address, plain)).rejects.toThrow(CrsError);
  });

  it('refuses errors, and bodies above the limit, however they are announced', async () => {
    const answers: readonly RequestListener[] = [
      (_, response) => response.writeHead(404).end('not here'),
      (_, response) => response.writeHead(200, { 'content-length': 1001 }).end('x'.repeat(1001)),
      (_, response) => {
        response.on('error', () => {});
        const timer = setInterval(() => response.write('x'.repeat(400)), 1);
        response.on('close', () => clearInterval(timer));
      },
    ];
    for (const answer of answers) {
      await expect(downloadArchive(await serve(answer), OPTIONS)).rejects.toThrow(CrsError);
      server?.closeAllConnections();
      server?.close();
    }
  });

  it('gives up on a server that never finishes', async () => {
    const address = await serve((_, response) => {
      response.write('x');
    });
    const hurried = { ...OPTIONS, timeoutMs: 100 };
    await expect(downloadArchive(address, hurried)).rejects.toThrow(CrsError);
  });

  it('refuses a transfer that breaks off', async () => {
    const address = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('x');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(downloadArchive(address, OPTIONS)).rejects.toThrow(CrsError);
  });

  it('says how to go on without a network', async () => {
    const address = await serve(() => {});
    server?.close();
    const error = await downloadArchive(address, OPTIONS).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CrsError);
    expect((error as CrsError).message).toContain('--from');
  });
});
