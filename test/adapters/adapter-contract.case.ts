// What every adapter promises, whichever server it sits in.

import { describe, expect, it } from 'vitest';
import type { BodyRedaction } from '../../src/model/transaction.ts';
import { ALLOW, block, type FakeRules, fakeSource } from './support/fake-exchanges.ts';

export interface Answered {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The application behind the adapter. */
export type Application = (request: {
  method: string;
  url: string;
  body: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
}) => {
  status?: number;
  headers?: Record<string, string>;
  /** Written one after the other. */
  body?: readonly string[];
};

export interface AdapterUnderTest {
  send(
    method: string,
    target: string,
    body?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>;
  close(): Promise<void>;
}

export type MakeAdapter = (
  source: ReturnType<typeof fakeSource>,
  application: Application,
) => Promise<AdapterUnderTest>;

/** Replaces a word, and holds everything back until the end. */
function holdingBack(): BodyRedaction {
  let held = '';
  return {
    push: (chunk) => {
      held += Buffer.from(chunk).toString('latin1');
      return new Uint8Array(0);
    },
    end: () => Buffer.from(held.replace('secret', '[removed]'), 'latin1'),
  };
}

export function runAdapterContract(make: MakeAdapter): void {
  async function using(
    rules: FakeRules,
    application: Application,
    test: (adapter: AdapterUnderTest, source: ReturnType<typeof fakeSource>) => Promise<void>,
  ): Promise<void> {
    const source = fakeSource(rules);
    const adapter = await make(source, application);
    try {
      await test(adapter, source);
    } finally {
      await adapter.close();
    }
  }

  const echo: Application = ({ method, url, body }) => ({ body: [`${method} ${url} `, body] });

  describe('the contract of adapters', () => {
    it('passes a request with its body and gives back the answer', async () => {
      await using({}, echo, async (adapter, source) => {
        const answer = await adapter.send('POST', '/a?b=c', 'x=\xc3\xa9');
        expect(answer).toMatchObject({ status: 200, body: 'POST /a?b=c x=\xc3\xa9' });
        expect(source.seen[0]?.request).toMatchObject({ method: 'POST', uri: '/a?b=c' });
        expect(source.seen[0]?.requestBody).toBe('x=\xc3\xa9');
        expect(source.seen[0]?.responseBody).toBe('POST /a?b=c x=\xc3\xa9');
      });
    });

    it('keeps status and headers of the answer', async () => {
      const application: Application = () => ({
        status: 404,
        headers: { 'X-Own': 'yes' },
        body: [],
      });
      await using({}, application, async (adapter, source) => {
        const answer = await adapter.send('GET', '/');
        expect(answer.status).toBe(404);
        expect(answer.headers['x-own']).toBe('yes');
        expect(source.seen[0]?.response?.status).toBe(404);
      });
    });

    it('adds fields that a decision injects, in place of what the client or the application gave', async () => {
      const inject = {
        request: [['X-Seen', 'by rules']],
        response: [
          ['X-Note', 'one'],
          ['X-Own', 'rule'],
          ['X-Note', 'two'],
        ],
      } as const;
      const application: Application = ({ headers }) => ({
        headers: { 'X-Own': 'application', 'X-Kept': 'yes' },
        body: [`seen ${headers['x-seen']} ${headers['x_seen']}`],
      });
      await using(
        { endRequest: () => ({ ...ALLOW, inject }), endResponse: () => ({ ...ALLOW, inject }) },
        application,
        async (adapter) => {
          const answer = await adapter.send('GET', '/', undefined, {
            'X-Seen': 'forged',
            // What CGI would call by the same name.
            X_SEEN: 'forged',
          });
          expect(answer.body).toBe('seen by rules undefined');
          expect(answer.headers).toMatchObject({
            'x-note': 'one, two',
            'x-own': 'rule',
            'x-kept': 'yes',
          });
        },
      );
    });

    it.each([true, false])(
      'sends a body through its redaction, inspected: %s',
      async (inspected) => {
        const application: Application = () => ({
          headers: { ETag: '"abc"', 'Content-Length': '12' },
          body: ['one se', 'cret x'],
        });
        await using(
          { wantsResponseBody: inspected, redaction: holdingBack },
          application,
          async (adapter) => {
            const answer = await adapter.send('GET', '/');
            expect(answer.body).toBe('one [removed] x');
            expect(answer.headers['etag']).toBeUndefined();
            expect(answer.headers['content-length'] ?? '15').toBe('15');
          },
        );
      },
    );

    it('passes bodies that the rules do not want', async () => {
      await using(
        { wantsRequestBody: false, wantsResponseBody: false },
        echo,
        async (adapter, source) => {
          expect((await adapter.send('POST', '/', 'abc')).body).toBe('POST / abc');
          expect(source.seen[0]).toMatchObject({ requestBody: '', responseBody: '' });
        },
      );
    });

    it('passes a large answer of which the rules want the beginning only', async () => {
      const application: Application = () => ({ body: Array(40).fill('x'.repeat(50_000)) });
      const wants = (seen: { responseBody: string }): boolean => seen.responseBody.length < 200_000;
      await using({ wantsResponseBody: wants }, application, async (adapter, source) => {
        expect((await adapter.send('GET', '/')).body).toHaveLength(2_000_000);
        expect(source.seen[0]?.cut).toEqual(['response']);
      });
      await using(
        {},
        () => ({ body: ['short'] }),
        async (adapter, source) => {
          expect((await adapter.send('POST', '/', 'x')).body).toBe('short');
          expect(source.seen[0]?.cut).toEqual([]);
        },
      );
    });

    it.each(['requestHead', 'endRequest'] as const)(
      'does not reach the application when %s blocks',
      async (step) => {
        let reached = 0;
        const application: Application = () => {
          reached++;
          return {};
        };
        await using({ [step]: () => block(418) }, application, async (adapter) => {
          const answer = await adapter.send('POST', '/', 'abc');
          expect(answer.status).toBe(418);
          expect(answer.body).toContain('id-1');
          expect(reached).toBe(0);
        });
      },
    );

    it.each(['responseHead', 'endResponse'] as const)(
      'lets nothing of the answer out when %s blocks',
      async (step) => {
        const application: Application = () => ({
          headers: { 'X-Leak': 'yes' },
          body: ['secret', 'secret'],
        });
        await using({ [step]: () => block(403) }, application, async (adapter) => {
          const answer = await adapter.send('GET', '/');
          expect(answer.status).toBe(403);
          expect(answer.headers['x-leak']).toBeUndefined();
          expect(answer.body).not.toContain('secret');
        });
      },
    );

    it.each(['requestHead', 'endRequest', 'responseHead', 'endResponse'] as const)(
      'blocks with status 500 when %s throws',
      async (step) => {
        const fail = (): never => {
          throw new Error('broken');
        };
        await using({ [step]: fail }, echo, async (adapter) => {
          const answer = await adapter.send('GET', '/');
          expect(answer.status).toBe(500);
          expect(answer.body).not.toContain('GET /');
        });
      },
    );

    it('runs phase 5 once, also after a block', async () => {
      const rules: FakeRules = { requestHead: ({ uri }) => (uri === '/no' ? block() : ALLOW) };
      await using(rules, echo, async (adapter, source) => {
        await adapter.send('GET', '/yes');
        await adapter.send('GET', '/no');
        // The end of an exchange may come a moment after its answer.
        await new Promise((resolve) => setTimeout(resolve, 20));
        const finishes = source.seen.map(({ calls }) => calls.filter((call) => call === 'finish'));
        expect(finishes).toEqual([['finish'], ['finish']]);
      });
    });

    it('answers HEAD without a body', async () => {
      await using(
        {},
        () => ({}),
        async (adapter) => {
          expect(await adapter.send('HEAD', '/')).toMatchObject({ status: 200, body: '' });
        },
      );
    });
  });
}
