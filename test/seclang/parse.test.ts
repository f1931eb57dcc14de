import { describe, expect, it } from 'vitest';
import type { ActionNode, RuleDirective, SettingDirective } from '../../src/seclang/ast.ts';
import { codesOf, parseText } from './tree.ts';

function rule(text: string): RuleDirective {
  const { document, diagnostics } = parseText(text);
  expect(diagnostics).toEqual([]);
  const found = document.directives.find((directive) => directive.type === 'rule');
  if (found?.type !== 'rule') throw new Error('no rule');
  return found;
}

function setting(text: string): SettingDirective {
  const { document, diagnostics } = parseText(text);
  expect(diagnostics).toEqual([]);
  const [found] = document.directives;
  if (found?.type !== 'setting') throw new Error('no setting');
  return found;
}

function actionsOf(text: string): readonly [string, string | undefined][] {
  const { document, diagnostics } = parseText(`SecAction ${text}`);
  expect(diagnostics).toEqual([]);
  const [found] = document.directives;
  if (found?.type !== 'action') throw new Error('no actions');
  return found.actions.map(({ name, value }: ActionNode) => [name, value]);
}

function idsOf(text: string): readonly string[] {
  return parseText(text).document.directives.flatMap((directive) =>
    'actions' in directive
      ? (directive.actions ?? []).flatMap(({ name, value = '' }) => (name === 'id' ? [value] : []))
      : [],
  );
}

describe('logical lines', () => {
  const A = 'SecAction "id:1,nolog"';
  const B = 'SecAction "id:2,nolog"';
  const cases: readonly { name: string; text: string; ids: readonly string[]; codes?: string[] }[] =
    [
      { name: 'joins at a backslash', text: `SecAction \\\n  "id:1,\\\n  nolog"`, ids: ['1'] },
      { name: 'joins at a backslash before CRLF', text: 'SecAction \\\r\n"id:1"\r\n', ids: ['1'] },
      { name: 'skips a byte order mark', text: `\xef\xbb\xbf${A}`, ids: ['1'] },
      { name: 'needs no line end', text: 'SecAction "id:1"', ids: ['1'] },
      {
        name: 'skips blank lines in a continuation',
        text: 'SecAction \\\n\n \n"id:1"',
        ids: ['1'],
      },
      {
        name: 'skips comments in a continuation',
        text: 'SecAction \\\n# x \\\n"id:1"',
        ids: ['1'],
      },
      { name: 'does not continue a comment', text: `# x \\\n${A}\n${B}`, ids: ['1', '2'] },
      {
        name: 'hides the continuation of a commented-out directive',
        text: `#SecRule ARGS "@rx a" \\\n    "id:9,\\\n    nolog"\n${A}`,
        ids: ['1'],
      },
      {
        name: 'never hides a directive behind a comment',
        text: `# SecRule ARGS "@rx a" \\\n${A}`,
        ids: ['1'],
      },
      {
        name: 'takes two backslashes for no continuation',
        text: `SecAction "id:1" \\\\\n${B}`,
        ids: ['2'],
        codes: ['wrong-argument-count'],
      },
      {
        name: 'refuses blanks behind the backslash',
        text: `SecAction \\ \n"id:1"\n${B}`,
        ids: ['2'],
        codes: ['blank-after-backslash'],
      },
      {
        name: 'finds a directive that a backslash swallowed',
        text: `${A} \\\n\n${B}`,
        ids: ['1', '2'],
        codes: ['swallowed-directive'],
      },
      {
        name: 'finds a directive that an open quote swallowed',
        text: `SecAction "id:1,\\\nnolog,\\\n${B}`,
        ids: ['2'],
        codes: ['unclosed-quote', 'swallowed-directive'],
      },
      {
        name: 'is case-insensitive in names',
        text: 'SECACTION "id:1"\nsecaction "id:2"',
        ids: ['1', '2'],
      },
      { name: 'takes tabs for blanks', text: '\tSecAction\t"id:1"\t', ids: ['1'] },
    ];
  for (const { name, text, ids, codes = [] } of cases) {
    it(name, () => {
      expect(idsOf(text)).toEqual(ids);
      expect(codesOf(text)).toEqual(codes);
    });
  }

  it('keeps the indentation of a joined line inside of a word', () => {
    expect(rule('SecRule ARGS "@rx ^foo\\\n  bar$"').operator.argument).toBe('^foo  bar$');
  });

  it('gives comments to the directive below them', () => {
    const { document } = parseText(`# a\n\n# b\n#c\n${A}\n# d\n`);
    expect(document.directives[0]?.comments).toEqual([' b', 'c']);
    expect(document.directives[0]?.detachedComments).toEqual([[' a']]);
    expect(document.trailingComments).toEqual([' d']);
  });
});

describe('words', () => {
  const cases: readonly { name: string; text: string; words: readonly string[] }[] = [
    {
      name: 'unescape the quote they stand in',
      text: '"a\\"b" \'c\\\'d\' "e\\\'f"',
      words: ['a"b', "c'd", "e\\'f"],
    },
    { name: 'keep two backslashes', text: '"a\\\\b" "c\\\\"', words: ['a\\\\b', 'c\\\\'] },
    { name: 'keep other backslashes', text: '"\\d\\x22"', words: ['\\d\\x22'] },
    { name: 'may be bare', text: 'a"b \\d', words: ['a"b', '\\d'] },
    { name: 'may be empty in quotes', text: '"" \'\'', words: ['', ''] },
  ];
  for (const { name, text, words } of cases) {
    it(name, () => {
      const { directives } = parseText(`SecRuleRemoveByTag ${text}`).document;
      const [found] = directives;
      if (found?.type !== 'remove') throw new Error('no removal');
      expect(found.selectors.map((word) => word.text)).toEqual(words);
    });
  }

  it('of a dataset are the lines between backticks', () => {
    const { arguments: words } = setting('SecDataset d `\nab\r\n\n# c\n`\nSecMarker x');
    expect(words.map((word) => word.text)).toEqual(['d', 'ab\n\n# c']);
    expect(setting('SecDataset d `a b`').arguments[1]?.text).toBe('a b');
  });
});

describe('targets', () => {
  function targets(text: string): readonly string[] {
    return rule(`SecRule ${text} "@rx a"`).targets.map(({ count, exclude, name, selector }) =>
      [
        exclude ? '!' : '',
        count ? '&' : '',
        name,
        selector ? ` ${selector.kind} ${selector.value}` : '',
      ].join(''),
    );
  }
  const cases: readonly { name: string; text: string; targets: readonly string[] }[] = [
    {
      name: 'are separated by | and ,',
      text: 'ARGS|ARGS_NAMES,TX',
      targets: ['ARGS', 'ARGS_NAMES', 'TX'],
    },
    {
      name: 'may have blanks around |',
      text: '"ARGS:a | ARGS"',
      targets: ['ARGS literal a', 'ARGS'],
    },
    {
      name: 'exclude and count',
      text: '!ARGS:a|&TX:b',
      targets: ['!ARGS literal a', '&TX literal b'],
    },
    { name: 'keep the case of names', text: 'args:Foo', targets: ['args literal Foo'] },
    { name: 'have no selector behind a bare colon', text: 'ARGS:|TX:', targets: ['ARGS', 'TX'] },
    { name: 'take quoted literals', text: "ARGS:'a|b'", targets: ['ARGS literal a|b'] },
    { name: 'take a regex', text: 'ARGS:/^a$|^b,/', targets: ['ARGS regex ^a$|^b,'] },
    { name: 'take a quoted regex', text: "ARGS:'/^a|b/'", targets: ['ARGS regex ^a|b'] },
    {
      name: 'unescape slashes in a regex',
      text: 'ARGS:/a\\/b\\\\/',
      targets: ['ARGS regex a/b\\\\'],
    },
    { name: 'take a quoted slash for a literal', text: "ARGS:'/a'", targets: ['ARGS literal /a'] },
    { name: 'take brackets in literals', text: 'ARGS:a[b]:c', targets: ['ARGS literal a[b]:c'] },
    { name: 'take header shortcuts', text: 'HTTP_X-Test', targets: ['HTTP_X-Test'] },
    { name: 'take an XPath', text: 'XML:/*|XML://@*', targets: ['XML xpath /*', 'XML xpath //@*'] },
    {
      name: 'keep separators inside of an XPath',
      text: `"XML:/a[contains(b,'|')]/c|ARGS"`,
      targets: ["XML xpath /a[contains(b,'|')]/c", 'ARGS'],
    },
    { name: 'take a quoted XPath', text: "&XML:'/a|/b'", targets: ['&XML xpath /a|/b'] },
  ];
  for (const { name, text, targets: expected } of cases) {
    it(name, () => {
      expect(targets(text)).toEqual(expected);
    });
  }

  for (const text of [
    'ARGS|',
    '|ARGS',
    '!',
    '!&ARGS',
    '"ARGS:a b"',
    "ARGS:'a",
    'ARGS:/a',
    'TX.a',
    '1',
    'XML:/a[',
    "ARGS:'a'b",
    '""',
  ]) {
    it(`refuse ${text}`, () => {
      expect(codesOf(`SecRule ${text} "@rx a"`)).toHaveLength(1);
    });
  }
});

describe('operators', () => {
  const cases: readonly [text: string, negated: boolean, name: string, argument: string][] = [
    ['@rx ^a', false, 'rx', '^a'],
    ['!@streq a ', true, 'streq', 'a '],
    ['! @rx   a', true, 'rx', 'a'],
    ['  @rx a', false, 'rx', 'a'],
    ['^a b ', false, 'rx', '^a b '],
    ['! ^a', true, 'rx', '^a'],
    ['!!a', true, 'rx', '!a'],
    ['!', true, 'rx', ''],
    [' ', false, 'rx', ''],
    ['@detectSQLi', false, 'detectSQLi', ''],
    ['@streq ', false, 'streq', ''],
  ];
  for (const [text, negated, name, argument] of cases) {
    it(`read "${text}"`, () => {
      expect(rule(`SecRule ARGS "${text}"`).operator).toMatchObject({ negated, name, argument });
    });
  }

  it('may be bare or in single quotes', () => {
    expect(rule('SecRule ARGS a id:1').operator.argument).toBe('a');
    expect(rule("SecRule ARGS '@streq a' 'id:1'").operator.argument).toBe('a');
  });

  it('are refused when empty or without a name', () => {
    expect(codesOf('SecRule ARGS ""')).toEqual(['empty-operator']);
    expect(codesOf('SecRule ARGS "@"')).toEqual(['bad-operator']);
    expect(codesOf('SecRule ARGS "!@ a"')).toEqual(['bad-operator']);
  });
});

describe('actions', () => {
  const cases: readonly [text: string, actions: readonly [string, string?][]][] = [
    ['"id:1,deny"', [['id', '1'], ['deny']]],
    ['" id:1 , deny ,"', [['id', '1'], ['deny']]],
    [
      '"id: 1,,phase: 2"',
      [
        ['id', '1'],
        ['phase', '2'],
      ],
    ],
    ['"phase:2 pass log"', [['phase', '2'], ['pass'], ['log']]],
    ['"msg:hello world ,log"', [['msg', 'hello world'], ['log']]],
    [`"msg:'a, b: \\"c\\"',log"`, [['msg', 'a, b: "c"'], ['log']]],
    [`"msg:'it\\'s \\d \\\\'"`, [['msg', "it's \\d \\\\"]]],
    [
      '"setvar:\'tx.a=b c\',setvar:!tx.d"',
      [
        ['setvar', 'tx.a=b c'],
        ['setvar', '!tx.d'],
      ],
    ],
    ['"ctl:ruleRemoveTargetById=1;ARGS:a"', [['ctl', 'ruleRemoveTargetById=1;ARGS:a']]],
    ['"msg:,log"', [['msg', ''], ['log']]],
    ['""', []],
    ['"id:1,\\\n    # c\n    deny"', [['id', '1'], ['deny']]],
  ];
  for (const [text, actions] of cases) {
    it(`read ${text}`, () => {
      expect(actionsOf(text)).toEqual(actions.map(([name, value]) => [name, value]));
    });
  }

  for (const text of [
    '"="',
    '":1"',
    '"msg:\'a"',
    '"msg:\'a\'b"',
    '"setvar:tx.a=\'b c\'"',
    '"deny|log"',
    '"a:1 2"',
  ]) {
    it(`refuse ${text}`, () => {
      expect(codesOf(`SecAction ${text}`)).toHaveLength(1);
    });
  }

  it('are all reported when several are broken, in all parts of a rule', () => {
    expect(codesOf('SecRule ARGS|?|TX:/a "@" "id:1,=,deny,%,log"')).toEqual([
      'bad-target',
      'unclosed-selector-regex',
      'bad-operator',
      'bad-action',
      'bad-action',
    ]);
  });
});
