import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import { createLocator } from '../../src/diagnostics/position.ts';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { checkPolicy, loadPolicy } from '../../src/waf/policy.ts';

const NOW = Date.UTC(2026, 10, 21);

function problems(...texts: string[]): readonly string[] {
  const named = texts.map((text, at) => ({ name: `${at}.yaml`, text: utf8ByteString(text) }));
  return checkPolicy(named, { nowMs: NOW })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, span }) => {
      if (span === undefined) return code;
      const { line, column } = createLocator().position(span.source, span.start);
      return `${code} ${line}:${column}`;
    });
}
const documentOf = (text: string) =>
  checkPolicy([{ name: 'a.yaml', text: utf8ByteString(text) }], { nowMs: NOW }).read.document;

describe('a policy in YAML', () => {
  it('means what it says where YAML 1.1 would not', () => {
    const { sources, lists } = documentOf(`
lists: {a: [no, on, "010", 1_000, 2026-01-01, 12:30:45, <<]}
sources:
- {name: no, action: block, regions: [NO], expires: 2026-12-31}
`);
    expect(sources[0]).toMatchObject({
      name: 'no',
      regions: ['NO'],
      expires: Date.UTC(2026, 11, 31),
    });
    expect(lists['a']).toEqual(['no', 'on', '010', '1_000', '2026-01-01', '12:30:45', '<<']);
  });

  it.each([
    ['a text for true', 'sources:\n- {name: r, action: block, regions: DE, enabled: no}\n'],
    ['a number for a name', 'sources:\n- {name: 010, action: block, regions: DE}\n'],
    ['nothing for a value', 'sources:\n- {name: r, action: block, regions: }\n'],
    ['a tab', 'sources:\n\t- name: r\n'],
    ['two documents', 'sources: []\n---\nsources: []\n'],
    ['a key twice', 'sources: []\nsources: []\n'],
    ['a merge key', 'x: &x {name: a}\nsources:\n- {<<: *x, action: block, regions: DE}\n'],
    ['an alias of nothing', 'sources: *x\n'],
    ['aliases without end', `lists:\n  a: &a [x]\n${'  '}b: [${'*a, '.repeat(200)}*a]\n`],
    ['a tag', 'sources: !!js/function "x"\n'],
    ['a list', '- a\n'],
    ['a text', 'hello\n'],
    ['a key that is a list', '? [a]\n: b\n'],
    ['a prototype', '__proto__: {enabled: true}\n'],
    ['bytes that are no text', 'sources: \xff\xfe'],
    ['a NUL', 'sources: "\x00"\n'],
  ])('is refused with %s', (_what, text) => {
    const bytes = text.includes('\xff') ? text : utf8ByteString(text);
    const { policy, diagnostics } = checkPolicy([{ name: 'a.yaml', text: bytes }], { nowMs: NOW });
    expect(policy).toBeUndefined();
    expect(diagnostics.find(({ severity }) => severity === 'error')?.span).toBeDefined();
  });

  it('is taken with a byte order mark, anchors, comments and as JSON', () => {
    const ok = [
      '\uFEFFsources: []\n',
      'sources:\n- &a {name: r, action: block, regions: &r [DE]}\n- {name: s, action: monitor, regions: *r}\n',
      '{"sources": [{"name": "r", "action": "block", "regions": "DE"}]}',
      '',
      '# nothing\n',
    ];
    for (const text of ok) expect(problems(text), text).toEqual([]);
  });

  it('tells mistakes of form and of meaning at once, each at its place', () => {
    expect(
      problems(`sources:
- {name: a, action: allow, regions: DE}
- {name: b, actoin: block, regions: DE}
- {name: c, action: block, regions: DE, emails: {leaked: true}}
signatures:
- {name: ü, action: block, for: 5 minutes, payload: {part: request.path, operator: equals, value: x}}
- {name: e, action: block, payload: {part: request.path, operator: matches, value: "("}}
rulse: []
`),
    ).toEqual([
      'policy-action-matrix 2:21',
      'policy-missing-field 3:3',
      'policy-unknown-field 3:13',
      'policy-source-criterion 4:49',
      'policy-wrong-value 6:33',
      'policy-pattern 7:84',
      'policy-unknown-field 8:1',
    ]);
  });

  it('of 20,000 rules is read, mistakes included', () => {
    const rules = Array.from(
      { length: 20_000 },
      (_, at) =>
        `- {name: "é${at}", action: ${at % 100 === 0 ? 'blok' : 'block'}, addresses: 198.51.${at >> 8}.${at & 255}}`,
    );
    expect(
      problems(`sources:\n${rules.join('\n')}\n`).filter((one) => /unknown-value/.test(one)),
    ).toHaveLength(200);
  });
});

/** What is said of the first problem, and how to mend it. */
function told(text: string): string {
  const { diagnostics } = checkPolicy([{ name: 'a.yaml', text: utf8ByteString(text) }]);
  const [first] = diagnostics.filter(({ severity }) => severity === 'error');
  return `${first?.message} | ${first?.help}`;
}

describe('a problem of form', () => {
  const limit = (fields: string): string =>
    `rateLimits: [{name: r, action: block, conditions: {${fields}}}]`;

  it.each([
    [
      limit('moreThan: 5, in: 5'),
      '"in" is a number, expected a text | write 5s for seconds, 5m for minutes, or 5h for hours',
    ],
    [limit('moreThan: 1.5, in: 5m'), '"moreThan" is 1.5, expected a whole number | undefined'],
    [
      limit('moreThan: 5, percentAbove: 5, in: 5m'),
      '"percentAbove" does not go with the other fields of "conditions" | give the fields of one form: moreThan, in; or percentAbove, in, baseline',
    ],
    ['actors: {score: {blockAbove: 0}}', '"blockAbove" is 0, expected more than 0 | undefined'],
    [
      'sources: [{name: r, action: block, addresses: 192.0.2.1, enabled: off}]',
      '"enabled" is a text, expected true or false | write false',
    ],
    [
      'clientAddress: {trustedProxies: 10.0.0.0/8}',
      '"trustedProxies" is a text, expected a list | write [10.0.0.0/8]',
    ],
    [
      'attribution: [{from: heder, name: x}]',
      '"from" is not one of basic, jwt, header, cookie, query, body | did you mean "header"?',
    ],
    [
      'attribution: [{from: header, name: x, steps: [{regx: a}]}]',
      'item 1 of "steps" is a mapping, expected one of base64, percentDecode, lowercase, trim | undefined',
    ],
    [
      'sources: []\n---\nsources: []\n',
      'a second document begins here, and a file holds one | put it into a file of its own: all files of a policy are merged',
    ],
    [
      'sources: [{name: "", action: block, regions: DE}]',
      '"name" is empty; give it a name | undefined',
    ],
  ])('is told with what was found and how to mend it: %s', (text, expected) => {
    expect(told(text)).toBe(expected);
  });

  it('is told once', () => {
    expect(problems('sources: [{name: "", action: block, regions: DE}]')).toHaveLength(1);
  });
});

describe('a document with a mistake', () => {
  it('leaves the one that runs', () => {
    const good = {
      name: 'a',
      text: 'sources:\n- {name: r, action: block, addresses: 203.0.113.7}\n',
    };
    const waf = createWaf({ rules: '', policy: loadPolicy([good]) });
    const blocked = (): string =>
      waf.inspect({
        method: 'GET',
        uri: '/',
        headers: [],
        client: { address: '203.0.113.7', port: 1 },
      }).decision.row;
    expect(() => waf.usePolicy(loadPolicy([good, { name: 'b', text: 'sources: 1' }]))).toThrow();
    expect(blocked()).toBe('ip-block');
  });
});

describe('a pattern that is not linear', () => {
  const signature = (pattern: string): string =>
    `signatures: [{name: r, action: block, payload: {part: request.path, operator: matches, value: '${pattern}'}}]`;

  it.each([
    ['(a+)\\1+b', 'a backreference'],
    ['(?R)?a', 'recursion'],
    ['(?=.*a).{8}', 'a lookahead'],
    ['\\Xa', '\\X'],
  ])('is refused with the reason: %s', (pattern, what) => {
    expect(told(signature(pattern))).toBe(
      `the pattern cannot run in linear time: it has ${what} | write the pattern without ${what}`,
    );
  });

  it('is refused as a type of data with the reason', () => {
    expect(told("dataTypes: [{name: t, pattern: '(a)\\1'}]")).toMatch(
      /: it has a backreference \|/,
    );
  });
});

describe('a mistake in the Sec Rule of a signature', () => {
  it('is told with the place of the rule in the document', () => {
    const text = `signatures:
- name: probe
  action: block
  secRule: |
    SecRule ARGS "@rx a" "id:1,phase:2,deny,t:lowercas"
`;
    const { diagnostics } = checkPolicy([{ name: 'a.yaml', text }]);
    const lines = renderDiagnostics(diagnostics).split('\n');
    expect(lines[0]).toMatch(/^signature "probe":1:43: error\[unknown-transformation\]/);
    expect(lines).toContain('  note: included from a.yaml:4:12');
  });
});

describe('a key of hashes that is missing', () => {
  it('hides nothing else', () => {
    expect(problems('hashKey: {env: PORTCULLIS_NO_SUCH_KEY}\nactors: {pattern: none}\n')).toEqual([
      'bad-hash-key 1:10',
      'bad-hash-pattern 2:19',
    ]);
  });
});
