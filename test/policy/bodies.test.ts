import { describe, expect, it } from 'vitest';
import { policyUnderTest } from './support.ts';

const type = (value: string) => [['Content-Type', value]] as const;
const JSON_TYPE = type('application/json');
const FORM = type('application/x-www-form-urlencoded');
const LONG = 'x'.repeat((1 << 20) + 10);
const CARD = '4111 1111 1111 1111';
const MULTIPART = type('multipart/form-data; boundary=B');
const part = (disposition: string, content: string): string =>
  `--B\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;

const payload = (field: object) => ({
  signatures: [{ name: 'sig', action: 'block', payload: field }],
});
const role = {
  part: 'request.bodyParameter',
  name: 'user.role',
  operator: 'equals',
  value: 'root',
};
const attack = { part: 'request.body', operator: 'contains', value: 'attack' };
const post = { method: 'POST' };

describe('a signature over the request body', () => {
  it('reads members of JSON where no loaded rule chooses the processor', () => {
    const { ask } = policyUnderTest(payload({ ...role, name: 'json.user.role' }));
    const body = '{"user":{"role":"root"}}';
    expect(ask({ ...post, headers: JSON_TYPE, body }).rule).toBe('sig');
  });

  it('finds a parameter by its name whether it came in a form or as JSON', () => {
    const { ask } = policyUnderTest(payload(role));
    expect(ask({ ...post, headers: FORM, body: 'user.role=root' }).rule).toBe('sig');
    const body = '{"user":{"role":"root"}}';
    expect(ask({ ...post, headers: JSON_TYPE, body }).rule).toBe('sig');
    const names = policyUnderTest(
      payload({ part: 'request.bodyParameterName', operator: 'equals', value: 'user.role' }),
    );
    expect(names.ask({ ...post, headers: JSON_TYPE, body }).rule).toBe('sig');
  });

  it.each([
    ['a form', FORM, 'q=attack'],
    ['JSON', JSON_TYPE, '{"q":"attack"}'],
    ['XML', type('text/xml'), '<q>attack</q>'],
    ['multipart', MULTIPART, `${part('name="q"', 'attack')}--B--\r\n`],
    ['a file', MULTIPART, `${part('name="q"; filename="f.txt"', 'attack')}--B--\r\n`],
    ['plain text', type('text/plain'), 'attack'],
    ['an unknown type', type('application/x-odd'), 'attack'],
    ['no type at all', [], 'attack'],
  ])('sees the bytes of %s', (_what, headers, body) => {
    const { ask } = policyUnderTest(payload(attack));
    expect(ask({ ...post, headers, body }).rule).toBe('sig');
    expect(ask({ ...post, headers, body: body.replace('attack', 'hallo') }).effect).toBe('allow');
  });

  it.each([
    ['the rules are off', 'SecRuleEngine Off'],
    ['the rules have no access', 'SecRequestBodyAccess Off'],
    ['a rule turns them off', 'SecAction "id:1,phase:1,pass,nolog,ctl:ruleEngine=Off"'],
    ['a rule takes access away', 'SecAction "id:1,phase:1,pass,nolog,ctl:requestBodyAccess=Off"'],
  ])('is judged where %s', (_what, rules) => {
    const { ask } = policyUnderTest(payload(attack), { rules });
    expect(ask({ ...post, headers: FORM, body: 'q=attack' }).rule).toBe('sig');
  });

  it('is not passed by a body whose end it does not see', () => {
    for (const rules of ['', 'SecRequestBodyAccess Off', 'SecRuleEngine DetectionOnly']) {
      const { ask } = policyUnderTest(payload(attack), { rules });
      const { effect, row } = ask({ ...post, headers: FORM, body: `q=${LONG}attack` });
      expect({ effect, row }).toEqual({ effect: 'block', row: 'engine-error' });
    }
  });

  it('leaves a long body be where something else of it does not hold', () => {
    const { ask } = policyUnderTest(
      {
        signatures: [{ name: 'sig', action: 'block', payload: attack, target: { urls: '/only' } }],
      },
      { rules: 'SecRequestBodyAccess Off' },
    );
    expect(ask({ ...post, headers: FORM, body: LONG }).effect).toBe('allow');
    expect(ask({ ...post, uri: '/only', headers: FORM, body: LONG }).row).toBe('engine-error');
  });

  it('says that it cannot judge a body that cannot be read', () => {
    const { ask } = policyUnderTest(payload(role));
    const broken = ask({ ...post, headers: JSON_TYPE, body: '{"user":{"role":"x"},,' });
    expect(broken.row).toBe('engine-error');
    const open = policyUnderTest({ ...payload(role), onEngineError: 'allow' });
    expect(open.ask({ ...post, headers: JSON_TYPE, body: '{"user":,' }).effect).toBe('allow');
  });

  it('does not let in by what is missing from the beginning of a body', () => {
    const { ask } = policyUnderTest(
      {
        signatures: [
          { name: 'ok', action: 'allow', payload: { ...attack, operator: 'notContains' } },
          {
            name: 'no',
            action: 'block',
            payload: { part: 'request.bodySize', operator: 'greater', value: 0 },
          },
        ],
      },
      { rules: 'SecRequestBodyAccess Off' },
    );
    expect(ask({ ...post, headers: FORM, body: 'q=1' }).row).toBe('custom-signature-allow');
    expect(ask({ ...post, headers: FORM, body: LONG }).row).toBe('custom-signature-block');
  });

  it('holds a Sec Rule to the same', () => {
    const secRule = `SecRule ARGS "@contains attack" "id:50,phase:2,deny,t:none,logdata:'x'"`;
    const { ask } = policyUnderTest({ signatures: [{ name: 's', action: 'block', secRule }] });
    expect(ask({ ...post, headers: FORM, body: `q=${LONG}attack` }).row).toBe('engine-error');
    expect(ask({ ...post, headers: FORM, body: 'q=hallo' }).effect).toBe('allow');
  });
});

describe('a rate limit over the request body', () => {
  it('is not evaded by a body too long to be read', () => {
    const { ask } = policyUnderTest(
      {
        rateLimits: [
          {
            name: 'logins',
            action: 'block',
            payload: { part: 'request.bodyParameter', name: 'password', operator: 'exists' },
            conditions: { moreThan: 1, in: '1m' },
          },
        ],
      },
      { rules: 'SecRequestBodyAccess Off' },
    );
    expect(ask({ ...post, headers: FORM, body: `a=${LONG}&password=1` }).row).toBe('engine-error');
  });
});

describe('data loss prevention in requests', () => {
  const dlp = (action: string) => ({
    dataLossPrevention: [
      { name: 'cards', kind: 'request', action, in: 'request', data: 'payment-card' },
    ],
  });
  it.each([
    ['a form', FORM, `q=${CARD.replaceAll(' ', '+')}`],
    ['JSON', JSON_TYPE, `{"q":"${CARD}"}`],
    ['broken JSON behind a member', JSON_TYPE, `{"a":"b","q":"${CARD}",,`],
    ['a file', MULTIPART, `${part('name="q"; filename="f"', CARD)}--B--\r\n`],
    [
      'a file beside a field',
      MULTIPART,
      `${part('name="a"', 'b')}${part('name="q"; filename="f"', CARD)}--B--\r\n`,
    ],
    ['plain text', type('text/plain'), `the card is ${CARD}.`],
    ['XML', type('text/xml'), `<q>${CARD}</q>`],
    ['no type at all', [], CARD],
  ])('finds a card in %s', (_what, headers, body) => {
    expect(policyUnderTest(dlp('block')).ask({ ...post, headers, body }).rule).toBe('cards');
  });

  it('finds one in the path and in the query', () => {
    const { ask } = policyUnderTest(dlp('block'));
    expect(ask({ uri: '/pay/4111-1111-1111-1111' }).rule).toBe('cards');
    expect(ask({ uri: '/pay?card=4111-1111-1111-1111' }).rule).toBe('cards');
  });

  it('does not pass what it did not see', () => {
    const { ask } = policyUnderTest(dlp('block'), { rules: 'SecRequestBodyAccess Off' });
    expect(ask({ ...post, headers: FORM, body: LONG }).effect).toBe('block');
    const told = policyUnderTest(dlp('monitor'), { rules: 'SecRequestBodyAccess Off' }).ask({
      ...post,
      headers: FORM,
      body: LONG,
    });
    expect(told.events).toMatchObject([{ rule: 'cards' }]);
  });
});
