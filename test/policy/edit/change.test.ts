import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readPolicy } from '../../../src/policy/document/read.ts';
import { changePolicy, type PolicyChange, parsePath } from '../../../src/policy/edit/change.ts';
import { EditError } from '../../../src/policy/edit/edit-error.ts';
import { writtenRules } from '../../../src/policy/edit/rules.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const SHOP = `# The shop. Ask ops before you change this.
version: 1

sources:
    # Ranges that were seen in May.
    -   name: bad range      # ticket 12
        action: block
        addresses: [ 198.51.100.0/24,   "203.0.113.0/24" ]

    # Countries.
    -   name: 'regions'
        action: monitor
        regions: [KP]        # only one so far
        enabled: false       # until the audit
signatures:
- name: no debug
  action: block   # for ever
  payload:
    - {part: request.path, operator: startsWith, value: "/debug"}
  secRule: |
    SecRule ARGS "@rx x" \\
      "id:10,phase:2"

# The end.
`;

const JSON_TEXT = `{
    "sources": [
        {
            "name": "a",
            "action": "block",
            "addresses": ["198.51.100.0/24"]
        },
        { "name": "b", "action": "monitor", "regions": ["KP"] }
    ]
}
`;

const one = (text: string, name = 'shop.yaml'): { name: string; text: string }[] => [
  { name, text },
];

function changed(text: string, change: PolicyChange, name?: string): string {
  return changePolicy(one(text, name), change).texts[0]?.text ?? '';
}

/** The lines that differ, as `-old` and `+new`. */
function lineDiff(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  while (
    end < Math.min(old.length, now.length) - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end++;
  }
  return [
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...now.slice(start, now.length - end).map((line) => `+${line}`),
  ];
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof EditError) return error.code;
    throw error;
  }
  return 'none';
}

describe('changePolicy', () => {
  it('switches a rule off with one new line', () => {
    const after = changed(SHOP, { kind: 'disable', rule: 'bad range' });
    expect(lineDiff(SHOP, after)).toEqual(['+        enabled: false']);
    expect(parse(after).sources[0]).toMatchObject({ name: 'bad range', enabled: false });
  });

  it('switches a rule on in its place, beside its comment', () => {
    const after = changed(SHOP, { kind: 'enable', rule: 'sources/regions' });
    expect(lineDiff(SHOP, after)).toEqual([
      '-        enabled: false       # until the audit',
      '+        enabled: true       # until the audit',
    ]);
  });

  it('changes nothing where a rule is on or off already', () => {
    const texts = one(SHOP);
    expect(changePolicy(texts, { kind: 'enable', rule: 'no debug' }).file).toBeUndefined();
    expect(changePolicy(texts, { kind: 'disable', rule: 'regions' }).texts).toEqual(texts);
  });

  it('changes a value in its place, in the quotes it had', () => {
    const after = changed(SHOP, {
      kind: 'edit',
      rule: 'no debug',
      set: [
        { path: parsePath('payload[0].value'), value: '/trace' },
        { path: ['action'], value: 'monitor' },
      ],
    });
    expect(lineDiff(SHOP, after)).toEqual([
      '-  action: block   # for ever',
      '-  payload:',
      '-    - {part: request.path, operator: startsWith, value: "/debug"}',
      '+  action: monitor   # for ever',
      '+  payload:',
      '+    - {part: request.path, operator: startsWith, value: "/trace"}',
    ]);
  });

  it('makes what is missing on the way', () => {
    const after = changed(SHOP, {
      kind: 'edit',
      rule: 'no debug',
      set: [{ path: ['target', 'urls', 0], value: '^/debug' }],
    });
    expect(lineDiff(SHOP, after)).toEqual(['+  target:', '+    urls:', '+      - ^/debug']);
    expect(parse(after).signatures[0].secRule).toBe(parse(SHOP).signatures[0].secRule);
  });

  it('replaces a list and a text of several lines', () => {
    const after = changed(SHOP, {
      kind: 'edit',
      rule: 'no debug',
      set: [
        { path: ['secRule'], value: 'SecRule ARGS "@rx y" \\\n  "id:11"\n' },
        { path: ['payload'], value: [{ part: 'request.host', operator: 'exists' }] },
      ],
    });
    expect(parse(after).signatures[0]).toEqual({
      name: 'no debug',
      action: 'block',
      payload: [{ part: 'request.host', operator: 'exists' }],
      secRule: 'SecRule ARGS "@rx y" \\\n  "id:11"\n',
    });
    expect(after).toContain('# for ever');
    expect(after.endsWith('\n# The end.\n')).toBe(true);
  });

  it('adds to a list in its own layout', () => {
    const block = `signatures:
  - name: a # one
    action:   monitor
    payload:
      - part: request.path   # p
        operator: exists

      - part: request.host
        operator: exists # h
  - {name: b, action: monitor, target: {urls: [ ^/a ]}}  # two
`;
    const set = [
      { path: parsePath('payload.2'), value: { part: 'request.body', operator: 'exists' } },
    ];
    expect(lineDiff(block, changed(block, { kind: 'edit', rule: 'a', set }))).toEqual([
      '+',
      '+      - part: request.body',
      '+        operator: exists',
    ]);
    const urls = [{ path: ['target', 'urls', 1], value: '^/b' }];
    expect(changed(block, { kind: 'edit', rule: 'b', set: urls })).toBe(
      block.replace('[ ^/a ]', '[ ^/a, ^/b ]'),
    );
  });

  it('fills a field that has no value', () => {
    const text = `signatures:
  - name: a
    description:   # what for
    action:   monitor
`;
    const set = [{ path: ['description'], value: 'this: that' }];
    expect(changed(text, { kind: 'edit', rule: 'a', set })).toBe(
      text.replace('description:', 'description: "this: that"'),
    );
  });

  it('takes a field away', () => {
    const set = [{ path: ['enabled'], value: undefined }];
    const after = changed(SHOP, { kind: 'edit', rule: 'regions', set });
    expect(lineDiff(SHOP, after)).toEqual(['-        enabled: false       # until the audit']);
  });

  it('deletes a rule with the comment above it', () => {
    const after = changed(SHOP, { kind: 'delete', rule: 'regions' });
    expect(parse(after).sources).toHaveLength(1);
    expect(after).not.toContain('# Countries.');
    expect(after).toContain('# Ranges that were seen in May.');
    expect(after.slice(0, SHOP.indexOf('\n    # Countries.'))).toBe(
      SHOP.slice(0, SHOP.indexOf('\n    # Countries.')),
    );
  });

  it('deletes the only rule of a section and leaves an empty list', () => {
    const after = changed(SHOP, { kind: 'delete', rule: 'no debug' });
    expect(parse(after)).toEqual({ ...parse(SHOP), signatures: [] });
    expect(after).toContain('# The end.');
    const again = changed(after, {
      kind: 'create',
      section: 'signatures',
      value: { name: 'new', action: 'monitor' },
    });
    expect(parse(again).signatures).toEqual([{ name: 'new', action: 'monitor' }]);
  });

  it('clones a rule as it is written, under another name', () => {
    const after = changed(SHOP, { kind: 'clone', rule: 'bad range', name: 'worse range' });
    expect(parse(after).sources.map((rule: { name: string }) => rule.name)).toEqual([
      'bad range',
      'worse range',
      'regions',
    ]);
    expect(after).toContain('    -   name: worse range      # ticket 12\n');
    expect(after.match(/198\.51\.100\.0\/24, {3}"203/g)).toHaveLength(2);
  });

  it('clones a rule that has an anchor by its values', () => {
    const text = `sources:\n  - &base\n    name: a\n    action: block\n    addresses: 192.0.2.1\n`;
    const after = changed(text, { kind: 'clone', rule: 'a', name: 'b' });
    expect(after.match(/&base/g)).toHaveLength(1);
    expect(parse(after).sources[1]).toEqual({
      name: 'b',
      action: 'block',
      addresses: '192.0.2.1',
    });
  });

  it('makes a section for the first rule of a type', () => {
    const after = changed(SHOP, {
      kind: 'create',
      section: 'rateLimits',
      value: { name: 'logins', conditions: { moreThan: 5, in: '1m' }, action: 'block' },
    });
    expect(after.startsWith(SHOP)).toBe(true);
    expect(readPolicy(one(after)).document.rateLimits).toMatchObject([{ name: 'logins' }]);
  });

  it('puts a new rule into the file that has the section', () => {
    const texts = [
      { name: 'a.yaml', text: 'version: 1\n' },
      { name: 'b.yaml', text: 'sources:\n  - {name: x, action: monitor, regions: [KP]}\n' },
    ];
    const value = { name: 'y', action: 'monitor', regions: ['KP'] };
    const { file, texts: after } = changePolicy(texts, {
      kind: 'create',
      section: 'sources',
      value,
    });
    expect(file).toBe('b.yaml');
    expect(after[0]).toBe(texts[0]);
    expect(after[1]?.text).toContain(
      '  - {name: x, action: monitor, regions: [KP]}\n  - name: y\n',
    );
  });

  it('replaces a rule and leaves the fields that stay as they are', () => {
    const after = changed(SHOP, {
      kind: 'replace',
      rule: 'regions',
      value: { name: 'regions', action: 'block', regions: ['KP'] },
    });
    expect(lineDiff(SHOP, after)).toEqual([
      '-        action: monitor',
      '-        regions: [KP]        # only one so far',
      '-        enabled: false       # until the audit',
      '+        action: block',
      '+        regions: [KP]        # only one so far',
    ]);
  });

  it.each<[string, PolicyChange, readonly string[]]>([
    ['off', { kind: 'disable', rule: 'a' }, ['+            "enabled": false,']],
    ['off on one line', { kind: 'disable', rule: 'b' }, []],
    ['clone', { kind: 'clone', rule: 'b', name: 'c' }, []],
    ['delete first', { kind: 'delete', rule: 'a' }, []],
    ['delete last', { kind: 'delete', rule: 'b' }, []],
    [
      'create',
      {
        kind: 'create',
        section: 'sources',
        value: { name: 'd', action: 'monitor', regions: ['KP'] },
      },
      [],
    ],
    [
      'edit',
      { kind: 'edit', rule: 'a', set: [{ path: ['addresses', 0], value: '192.0.2.1' }] },
      [],
    ],
  ])('keeps JSON JSON: %s', (_what, change, lines) => {
    const after = changed(JSON_TEXT, change, 'shop.json');
    expect(() => JSON.parse(after)).not.toThrow();
    expect(after).not.toBe(JSON_TEXT);
    if (lines.length > 0) expect(lineDiff(JSON_TEXT, after)).toEqual(lines);
    // The rule that is not meant stands as it stood.
    const other = 'rule' in change && change.rule === 'a' ? '{ "name": "b",' : '"name": "a",\n';
    expect(after).toContain(other);
  });

  it('keeps line ends, and characters beyond ASCII', () => {
    const text = Buffer.from(SHOP.replace('May', 'März').replaceAll('\n', '\r\n')).toString(
      'latin1',
    );
    const after = changed(text, { kind: 'disable', rule: 'bad range' });
    expect(after.replace('        enabled: false\r\n', '')).toBe(text);
  });

  it.each<[string, PolicyChange, string]>([
    ['an unknown rule', { kind: 'enable', rule: 'nothing' }, 'unknown-rule'],
    ['a rule of another section', { kind: 'enable', rule: 'signatures/regions' }, 'unknown-rule'],
    ['a name that is taken', { kind: 'clone', rule: 'regions', name: 'bad range' }, 'name-taken'],
    [
      'an unknown section',
      { kind: 'create', section: 'rules', value: { name: 'x' } },
      'unknown-section',
    ],
    ['a rule without a name', { kind: 'create', section: 'sources', value: {} }, 'bad-value'],
    [
      'a path through a text',
      { kind: 'edit', rule: 'regions', set: [{ path: ['action', 'x'], value: 1 }] },
      'bad-path',
    ],
    [
      'a field to take away that is not there',
      { kind: 'edit', rule: 'regions', set: [{ path: ['severity'], value: undefined }] },
      'bad-path',
    ],
    [
      'an item far behind the end of a list',
      { kind: 'edit', rule: 'regions', set: [{ path: ['regions', 7], value: 'DE' }] },
      'bad-path',
    ],
  ])('refuses %s', (_what, change, code) => {
    expect(refusal(() => changePolicy(one(SHOP), change))).toBe(code);
  });

  it('refuses a bare name that two rules have, and takes it with its section', () => {
    const text = `sources:\n  - {name: x, action: monitor, regions: [KP]}\nsignatures:\n  - {name: x, action: monitor}\n`;
    expect(refusal(() => changePolicy(one(text), { kind: 'disable', rule: 'x' }))).toBe(
      'ambiguous-rule',
    );
    expect(changed(text, { kind: 'disable', rule: 'signatures/x' })).toBe(
      text.replace('{name: x, action: monitor}', '{name: x, enabled: false, action: monitor}'),
    );
  });

  it('cannot reach what objects inherit', () => {
    const set = [{ path: ['__proto__', 'polluted'], value: true }];
    changed(SHOP, { kind: 'edit', rule: 'regions', set });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('says exactly what was asked for, whatever the value', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const value = fc.oneof(
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), scalar, { maxKeys: 3 }),
    );
    const field = fc.constantFrom('description', 'action', 'addresses', 'regions', 'payload', 'x');
    const rule = fc.constantFrom('bad range', 'regions', 'no debug');
    fc.assert(
      fc.property(rule, field, value, (name, key, given) => {
        const after = changed(SHOP, {
          kind: 'edit',
          rule: name,
          set: [{ path: [key], value: given }],
        });
        const rules = writtenRules(one(Buffer.from(after, 'latin1').toString('latin1')));
        const before = writtenRules(one(SHOP));
        expect(rules.map((found) => found.name)).toEqual(before.map((found) => found.name));
        for (const [at, found] of rules.entries()) {
          const old = before[at]?.value;
          const decoded = JSON.parse(JSON.stringify(found.value)) as Record<string, unknown>;
          expect(decoded).toEqual(found.name === name ? { ...old, [key]: given } : old);
        }
        expect(after).toContain('# The shop. Ask ops before you change this.');
      }),
      { numRuns: RUNS },
    );
  });
});
