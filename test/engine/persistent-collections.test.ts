// Persistent collections as rules see them, over whole transactions.

import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/state/memory.ts';
import type { SyncStore } from '../../src/state/store.ts';
import { createWaf, type Waf } from '../../src/waf/create-waf.ts';
import { remoteStoreOf } from '../support/remote-store.ts';
import { matchedIds, request, rulesText, wafOf } from '../support/rules.ts';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

/** A waf whose clock stands where the test puts it. */
function withClock(
  rules: string,
  state?: SyncStore,
): { waf: Waf<'sync'>; at: (ms: number) => void } {
  let now = NOW;
  const waf = wafOf(rules, { clock: () => now, ...(state && { state }) });
  return {
    waf,
    at: (ms) => {
      now = NOW + ms;
    },
  };
}

/** What `%{text}` is at the end of each request. */
function seen(waf: Waf<'sync'>, uri = '/'): string {
  const { verdict } = waf.inspect(request(uri));
  return verdict.matches.findLast((match) => match.rule.id === 99)?.message ?? 'nothing';
}

const show = (text: string): string => `SecAction "id:99,phase:5,pass,log,msg:'${text}'"`;
const OPEN = 'SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR}"';
const COUNT = 'SecAction "id:2,phase:1,pass,nolog,setvar:ip.x=+1"';

describe('a persistent collection', () => {
  it('counts over transactions', () => {
    const { waf } = withClock(`${OPEN}\n${COUNT}\n${show('%{ip.x}')}`);
    expect([seen(waf), seen(waf), seen(waf)]).toEqual(['1', '2', '3']);
  });

  it('is open for the actions behind initcol in the same rule', () => {
    const { waf } = withClock(
      `SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.x=+1,setvar:tx.y=%{ip.x}"
       ${show('%{tx.y} %{ip.x}')}`,
    );
    expect([seen(waf), seen(waf)]).toEqual(['1 1', '2 2']);
  });

  it('does nothing before it is opened, and stays as opened first', () => {
    const { waf } = withClock(
      `SecAction "id:1,phase:1,pass,nolog,setvar:ip.x=1"
       SecAction "id:2,phase:1,pass,nolog,initcol:ip=a,setvar:ip.y=2,initcol:ip=b"
       ${show('%{ip.x}|%{ip.y}|%{ip.key}')}`,
    );
    expect(seen(waf)).toBe('|2|a');
  });

  it('is not opened by an empty key', () => {
    const { waf } = withClock(
      `SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{ARGS.k},setvar:ip.x=+1"
       ${show('%{ip.x}')}`,
    );
    expect([seen(waf), seen(waf, '/?k=a'), seen(waf)]).toEqual(['', '1', '']);
  });

  it('is kept apart by its key, however long', () => {
    const long = 'k'.repeat(5000);
    const { waf } = withClock(
      `SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{ARGS.k},setvar:ip.x=+1"
       ${show('%{ip.x}')}`,
    );
    const counts = [`${long}1`, `${long}2`, `${long}1`].map((key) => seen(waf, `/?k=${key}`));
    expect(counts).toEqual(['1', '1', '2']);
  });

  it('expires with the clock, SecCollectionTimeout after its last update', () => {
    const { waf, at } = withClock(`SecCollectionTimeout 60\n${OPEN}\n${COUNT}\n${show('%{ip.x}')}`);
    seen(waf);
    at(59_000);
    expect(seen(waf)).toBe('2');
    at(118_000);
    expect(seen(waf)).toBe('3');
    at(178_000);
    expect(seen(waf)).toBe('1');
  });

  it('follows the time of a recorded exchange', () => {
    const waf = wafOf(`${OPEN}\n${COUNT}\n${show('%{ip.x}')}`);
    const at = (timeMs: number): string | undefined =>
      waf.inspect({ ...request('/'), timeMs }).verdict.matches.at(-1)?.message;
    expect([at(NOW), at(NOW + HOUR - 60_000), at(NOW + 3 * HOUR)]).toEqual(['1', '2', '1']);
  });

  it('does not live longer for being read', () => {
    const { waf, at } = withClock(
      `SecCollectionTimeout 60
       ${OPEN}
       SecRule ARGS:write "@streq 1" "id:2,phase:1,pass,nolog,setvar:ip.x=+1"
       ${show('%{ip.x}')}`,
    );
    seen(waf, '/?write=1');
    at(50_000);
    expect(seen(waf)).toBe('1');
    at(60_000);
    expect(seen(waf)).toBe('');
  });

  it('lives as long as its TIMEOUT says when a rule sets that', () => {
    const { waf, at } = withClock(
      `${OPEN}
       SecRule &IP:x "@eq 0" "id:2,phase:1,pass,nolog,setvar:ip.x=1,setvar:ip.timeout=10"
       ${show('%{ip.x} %{ip.timeout} %{ip.is_new}')}`,
    );
    expect(seen(waf)).toBe('1 10 1');
    at(9000);
    expect(seen(waf)).toBe('1 10 0');
    at(10_000);
    expect(seen(waf)).toBe('1 10 1');
  });

  it('tells its own facts', () => {
    const { waf, at } = withClock(
      `${OPEN}\n${COUNT}\n${show(
        '%{ip.create_time} %{ip.is_new} %{ip.key} %{ip.timeout} %{ip.update_counter} %{ip.update_rate} %{ip.last_update_time}',
      )}`,
    );
    expect(seen(waf)).toBe('1700000000 1 127.0.0.1 3600 0 0 0');
    at(30_000);
    expect(seen(waf)).toBe('1700000000 0 127.0.0.1 3600 1 2 1700000000');
    at(60_000);
    expect(seen(waf)).toBe('1700000000 0 127.0.0.1 3600 2 2 1700000030');
  });

  it('keeps changes of its own facts for the transaction only', () => {
    const { waf } = withClock(
      `SecAction "id:1,phase:1,pass,nolog,initcol:ip=a,setvar:ip.x=1"
       ${show('%{ip.is_new} %{ip.key}')}
       SecAction "id:100,phase:5,pass,nolog,setvar:ip.key=other,setvar:ip.is_new=1,setvar:!ip.create_time"`,
    );
    expect([seen(waf), seen(waf)]).toEqual(['1 a', '0 a']);
  });

  it('stays new as long as no rule changes it', () => {
    const { waf } = withClock(`${OPEN}\n${show('%{ip.is_new}')}`);
    expect([seen(waf), seen(waf)]).toEqual(['1', '1']);
  });

  it('shows keys as they were first written, in later transactions too', () => {
    const { waf } = withClock(
      `${OPEN}
       SecRule &IP:attempts "@eq 0" "id:2,phase:1,pass,nolog,setvar:ip.Attempts=1"
       SecRule IP:ATTEMPTS "@unconditionalMatch" "id:99,phase:1,pass,log,msg:'%{MATCHED_VAR_NAME}'"`,
    );
    expect([seen(waf), seen(waf)]).toEqual(['IP:Attempts', 'IP:Attempts']);
  });

  it('loses nothing when transactions overlap', () => {
    const { waf } = withClock(
      `${OPEN}
       SecAction "id:2,phase:1,pass,nolog,setvar:ip.sum=+5,setvar:ip.sum=-2,setvar:ip.hits=+1"
       SecRule ARGS:block "@streq 1" "id:3,phase:1,pass,nolog,setvar:ip.block=1"
       ${show('%{ip.sum} %{ip.hits} %{ip.block}')}`,
    );
    const begin = (uri: string): ReturnType<typeof waf.transaction> => {
      const transaction = waf.transaction();
      transaction.requestHead({ method: 'GET', uri, version: 'HTTP/1.1', headers: [] });
      return transaction;
    };
    const open = [begin('/?block=1'), begin('/?block=1'), begin('/')];
    for (const transaction of open) transaction.endRequest();
    for (const transaction of open) transaction.finish();
    expect(seen(waf)).toBe('12 4 1');
  });

  it('stops a sum at zero where it would have stopped step by step', () => {
    const { waf } = withClock(
      `${OPEN}
       SecAction "id:2,phase:1,pass,nolog,setvar:ip.x=+3"
       SecRule ARGS:reset "@streq 1" "id:3,phase:1,pass,nolog,setvar:ip.x=-100,setvar:ip.x=+1"
       ${show('%{ip.x}')}`,
    );
    expect([seen(waf), seen(waf, '/?reset=1'), seen(waf)]).toEqual(['3', '1', '4']);
  });

  it('forgets a variable that a rule deletes', () => {
    const { waf } = withClock(
      `${OPEN}
       SecRule ARGS:set "@streq 1" "id:2,phase:1,pass,nolog,setvar:ip.x=5"
       SecRule ARGS:del "@streq 1" "id:3,phase:1,pass,nolog,setvar:!ip.x"
       ${show('%{ip.x}')}`,
    );
    expect([seen(waf, '/?set=1'), seen(waf, '/?del=1'), seen(waf)]).toEqual(['5', '', '']);
  });
});

describe('expirevar', () => {
  it('lets a variable go while the rest stays', () => {
    const { waf, at } = withClock(
      `${OPEN}
       SecRule ARGS:set "@streq 1" "id:2,phase:1,pass,nolog,setvar:ip.a=1,setvar:ip.b=1,expirevar:ip.a=60"
       ${show('%{ip.a}|%{ip.b}')}`,
    );
    expect(seen(waf, '/?set=1')).toBe('1|1');
    at(59_000);
    expect(seen(waf)).toBe('1|1');
    at(60_000);
    expect(seen(waf)).toBe('|1');
  });

  it('may stand before the setvar it is for', () => {
    const { waf, at } = withClock(
      `${OPEN}
       SecRule ARGS:set "@streq 1" "id:2,phase:1,pass,nolog,expirevar:ip.a=60,setvar:ip.a=1"
       ${show('%{ip.a}')}`,
    );
    expect(seen(waf, '/?set=1')).toBe('1');
    at(60_000);
    expect(seen(waf)).toBe('');
  });
});

describe('deprecatevar', () => {
  it('lowers a counter by the time since the last update', () => {
    const { waf, at } = withClock(
      `${OPEN}
       SecRule ARGS:set "@streq 1" "id:2,phase:1,pass,nolog,setvar:ip.score=100"
       SecAction "id:3,phase:1,pass,nolog,deprecatevar:ip.score=30/60"
       ${show('%{ip.score}')}`,
    );
    expect(seen(waf, '/?set=1')).toBe('100');
    at(59_000);
    expect(seen(waf)).toBe('100');
    at(125_000);
    expect(seen(waf)).toBe('40');
    at(125_000 + 600_000);
    expect(seen(waf)).toBe('0');
  });

  it('counts elapsed time once, in one transaction and in two that overlap', () => {
    const { waf, at } = withClock(
      `${OPEN}
       SecRule ARGS:set "@streq 1" "id:2,phase:1,pass,nolog,setvar:ip.score=100"
       SecRule ARGS:decay "@streq 1" "id:3,phase:1,pass,nolog,deprecatevar:ip.score=10/60,deprecatevar:ip.score=10/60"
       ${show('%{ip.score}')}`,
    );
    seen(waf, '/?set=1');
    at(60_000);
    const overlapping = [waf.transaction(), waf.transaction()];
    for (const transaction of overlapping) {
      const head = { method: 'GET', uri: '/?decay=1', version: 'HTTP/1.1', headers: [] };
      transaction.requestHead(head);
    }
    for (const transaction of overlapping) transaction.finish();
    expect(seen(waf)).toBe('90');
  });
});

describe('setsid, setuid and setrsc', () => {
  const rules = (webAppId: string): string =>
    `SecWebAppId ${webAppId}
     SecRule ARGS:s "@unconditionalMatch" "id:1,phase:1,pass,nolog,setsid:%{MATCHED_VAR},setvar:session.x=+1"
     SecRule ARGS:u "@unconditionalMatch" "id:2,phase:1,pass,nolog,setuid:%{MATCHED_VAR},setvar:user.x=+1"
     SecAction "id:3,phase:1,pass,nolog,setrsc:%{REQUEST_FILENAME},setvar:resource.x=+1"
     SecAction "id:4,phase:1,pass,nolog,initcol:global=all,setvar:global.x=+1"
     ${show('%{SESSIONID} %{session.x}, %{USERID} %{user.x}, %{resource.key} %{resource.x}, %{global.x}')}`;

  it('name and open the collections', () => {
    const { waf } = withClock(rules('shop'));
    expect(seen(waf, '/a?s=S&u=U')).toBe('S 1, U 1, /a 1, 1');
    expect(seen(waf, '/b?s=S')).toBe('S 2,  , /b 1, 2');
    expect(seen(waf, '/a?u=U')).toBe(' , U 2, /a 2, 3');
  });

  it('keep the applications of SecWebAppId apart, but not GLOBAL', () => {
    const state = memoryStore();
    const shop = withClock(rules('shop'), state);
    const blog = withClock(rules('blog'), state);
    expect(seen(shop.waf, '/a?s=S&u=U')).toBe('S 1, U 1, /a 1, 1');
    expect(seen(blog.waf, '/a?s=S&u=U')).toBe('S 1, U 1, /a 1, 2');
    expect(seen(shop.waf, '/a?s=S&u=U')).toBe('S 2, U 2, /a 2, 3');
  });
});

describe('stores', () => {
  const rules = `${OPEN}\n${COUNT}\nSecAction "id:3,phase:1,pass,nolog,initcol:global=g,setvar:global.x=+1"\n${show('%{ip.x} %{global.x}')}`;

  it('count alike when they answer later', async () => {
    const waf = createWaf({
      rules: { name: 'test.conf', text: rulesText(rules) },
      state: remoteStoreOf(memoryStore()),
    });
    await waf.inspect(request('/'));
    const { verdict } = await waf.inspect(request('/'));
    expect(verdict.matches.at(-1)?.message).toBe('2 2');
    await waf.close();
  });

  it('that fail are an error of the engine, and the rules still run', () => {
    const fail = (): never => {
      throw new Error('out of reach');
    };
    const state: SyncStore = { mode: 'sync', load: fail, apply: fail, run: fail, close: () => {} };
    const { verdict, decision } = wafOf(rules, { state }).inspect(request('/'));
    expect(verdict.errors.map(({ code }) => code)).toContain('store-unavailable');
    expect(decision.effect).toBe('block');
    expect(matchedIds(wafOf(rules, { state }), request('/'))).toContain(99);
  });
});
