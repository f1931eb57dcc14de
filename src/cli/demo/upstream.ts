// The application behind `serve --demo`: a small shop that would be easy prey without the proxy.
//
// It listens on a free loopback port and does nothing that could hurt: what it pretends to do, it does not.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UpstreamAddress } from '../../adapters/upstream-socket.ts';

export interface DemoUpstream {
  readonly address: UpstreamAddress;
  close(): void;
}

export function startDemoUpstream(): Promise<DemoUpstream> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer(respond);
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        address: { secure: false, host: '127.0.0.1', port },
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}

function respond(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const { status, type, content } = PAGES.get(path) ?? NOT_FOUND;
  response.writeHead(status, { 'Content-Type': type });
  response.end(content);
}

// What a careless application shows when its database complains. Response rules are for this.
const LEAK =
  '<pre>Warning: mysqli_query(): You have an error in your SQL syntax; check the manual that ' +
  "corresponds to your MySQL server version for the right syntax to use near '\"' at line 1 in " +
  '/var/www/shop/report.php on line 12</pre>';

interface Page {
  readonly status: number;
  readonly type: string;
  readonly content: string;
}

const NOT_FOUND = page(404, 'Not found', '<p>There is nothing here.</p>');

const PAGES: ReadonlyMap<string, Page> = new Map([
  ['/', page(200, 'Demo shop', '<p>Welcome. Try <a href="/search?q=lamp">a search</a>.</p>')],
  ['/search', page(200, 'Results', '<p>2 lamps, 1 lamp shade.</p>')],
  ['/report', page(200, 'Report', LEAK)],
  [
    '/api/jobs',
    { status: 202, type: 'application/json', content: '{"job":17,"state":"queued"}\n' },
  ],
]);

function page(status: number, title: string, content: string): Page {
  return {
    status,
    type: 'text/html; charset=utf-8',
    content: `<!DOCTYPE html>\n<title>${title}</title>\n<h1>${title}</h1>\n${content}\n`,
  };
}
