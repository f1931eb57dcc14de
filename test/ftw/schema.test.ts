import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTestFile, readTestText } from '../../src/ftw/schema.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const HEAD = 'meta:\n  author: "a"\nrule_id: 1\n';

function one(stage: string, head = HEAD) {
  const file = readTestText('t.yaml', `${head}tests:\n  - test_id: 7\n    stages:\n${stage}`);
  return { file, test: file.tests[0]!, stage: file.tests[0]!.stages[0]! };
}

describe('readTestText', () => {
  it('names tests after rule and test id', () => {
    const { test } = one('      - input: {uri: /a}\n        output: {status: 400}\n');
    expect(test).toMatchObject({ id: '1-7', ruleId: 1, testId: 7, line: 5 });
    expect(test.stages[0]).toMatchObject({ input: { uri: '/a' }, output: { statuses: [400] } });
  });

  it('takes an empty document as a file without tests', () => {
    for (const text of ['', '---\n', '# nothing\n', '---\n~\n']) {
      expect(readTestText('t.yaml', text)).toMatchObject({ tests: [], broken: undefined });
    }
  });

  it('turns code points into UTF-8 bytes', () => {
    const { stage } = one('      - input: {data: "\\xe9\\u20ac", uri: "/ü"}\n        output: {}\n');
    expect(stage.input.data).toBe('\xc3\xa9\xe2\x82\xac');
    expect(stage.input.uri).toBe('/\xc3\xbc');
  });

  it('keeps texts that look like numbers as they are written', () => {
    const { stage } = one(
      '      - input: {headers: {Content-Length: 007, A: 1.10, B: , C: ~, D: yes}, data: 1e3}\n        output: {}\n',
    );
    expect(stage.input.headers).toEqual([
      ['Content-Length', '007'],
      ['A', '1.10'],
      ['B', ''],
      ['C', ''],
      ['D', 'yes'],
    ]);
    expect(stage.input.data).toBe('1e3');
  });

  it('reads headers as a list with repeated names', () => {
    const { stage } = one(
      '      - input: {headers: [{name: A, value: 1}, {name: A, value: 2}]}\n        output: {}\n',
    );
    expect(stage.input.headers).toEqual([
      ['A', '1'],
      ['A', '2'],
    ]);
  });

  it('lets ordered_headers win over headers', () => {
    const { stage } = one(
      '      - input: {headers: {B: 1}, ordered_headers: [{name: A, value: 1}]}\n        output: {}\n',
    );
    expect(stage.input.headers).toEqual([['A', '1']]);
  });

  it('reports unknown fields with their place and runs the test', () => {
    const { file, test } = one('      - input: {uri: /}\n        output:\n          stauts: 400\n');
    expect(file.problems).toEqual([
      {
        file: 't.yaml',
        line: 9,
        column: 11,
        message: expect.stringContaining('stauts'),
        fatal: false,
      },
    ]);
    expect(test.unusable).toBe(undefined);
  });

  it('marks a test with an ill-typed field as unusable', () => {
    const { test } = one('      - input: {uri: /}\n        output: {status: many}\n');
    expect(test.unusable).toMatchObject({ line: 8, fatal: true });
  });

  it('refuses "isolated" without exactly one expected id', () => {
    const { test } = one('      - input: {uri: /}\n        output: {isolated: true}\n');
    expect(test.unusable).toBeDefined();
  });

  it('refuses data beside an encoded request', () => {
    const { test } = one('      - input: {data: a, encoded_request: Cg==}\n        output: {}\n');
    expect(test.unusable).toBeDefined();
  });

  it('decodes an encoded request with line ends inside', () => {
    const { stage } = one('      - input: {encoded_request: "R0VU\\nIC8="}\n        output: {}\n');
    expect(stage.input.encodedRequest).toBe('GET /');
  });

  it('takes stop_magic as the inverse of autocomplete_headers', () => {
    const { stage } = one('      - input: {stop_magic: true}\n        output: {}\n');
    expect(stage.input.autocompleteHeaders).toBe(false);
  });

  it('makes one stage of each of several uris', () => {
    const { test } = one('      - input: {uris: [/a, /b]}\n        output: {}\n');
    expect(test.stages.map((stage) => stage.input.uri)).toEqual(['/a', '/b']);
  });

  it('reads the wrapped stages of version 1', () => {
    const { test } = one(
      '      - stage:\n          input: {uri: /a}\n          output: {log_contains: id "1", no_log_contains: x}\n',
    );
    expect(test.stages[0]?.output).toMatchObject({
      matchRegexes: ['id "1"'],
      noMatchRegexes: ['x'],
    });
  });

  it('fills payloads into the template of version 3', () => {
    const file = readTestText(
      't.yaml',
      [
        'rule_id: 5',
        'template: {method: GET, uri: "/?q={{.Payload}}", headers: [{name: Host, value: a.test}]}',
        'tests:',
        '  - {id: 1, payload: "{{1}}", output: {log: {expect_ids: [5]}}}',
        '  - {id: 2, payload: b, template: {method: POST, uri: /, data: "x={{ .Payload }}"}, output: {}}',
      ].join('\n'),
    );
    expect(file.problems).toEqual([]);
    expect(file.tests.map((test) => test.stages[0]?.input)).toMatchObject([
      { method: 'GET', uri: '/?q={{1}}', headers: [['Host', 'a.test']] },
      { method: 'POST', uri: '/', data: 'x=b', headers: [['Host', 'a.test']] },
    ]);
  });

  it('refuses template actions it does not know', () => {
    const file = readTestText(
      't.yaml',
      'rule_id: 5\ntemplate: {uri: "{{upper .Payload}}"}\ntests:\n  - {id: 1, payload: a}\n',
    );
    expect(file.tests[0]?.unusable).toBeDefined();
  });

  it('follows anchors, aliases and merge keys', () => {
    const { stage } = one(
      '      - input: {<<: *base, uri: /b}\n        output: {}\n',
      `${HEAD}template: &base {uri: /a, method: PUT}\n`,
    );
    expect(stage.input).toMatchObject({ uri: '/b', method: 'PUT' });
  });

  it('names a syntax error and gives no tests', () => {
    const file = readTestText('t.yaml', 'rule_id: 1\ntests: [\n');
    expect(file.tests).toEqual([]);
    expect(file.broken).toMatchObject({ file: 't.yaml', fatal: true });
  });

  it('names bytes that are not UTF-8', () => {
    expect(readTestFile('t.yaml', Uint8Array.of(0xff, 0xfe, 0xc0)).broken).toBeDefined();
  });

  it('reports a rule id that is none, and keeps the tests countable', () => {
    const file = readTestText(
      't.yaml',
      'rule_id: abc\ntests:\n  - test_id: 1\n    stages: [{input: {}}]\n',
    );
    expect(file.problems[0]?.fatal).toBe(true);
    expect(file.tests).toHaveLength(1);
  });
});

const TESTS = sharedPath('../crs/v4.28.0/tests/regression/tests');

describeShared('the regression tests of CRS 4.28.0', TESTS, () => {
  it('are read completely, with one stray field', () => {
    const names = readdirSync(TESTS, { recursive: true, encoding: 'utf8' });
    const files = names
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => readTestFile(name, readFileSync(join(TESTS, name))));
    const tests = files.flatMap((file) => file.tests);
    expect(files).toHaveLength(263);
    expect(tests).toHaveLength(4348);
    expect(tests.flatMap((test) => test.stages)).toHaveLength(4354);
    expect(tests.filter((test) => test.unusable !== undefined)).toEqual([]);
    // 932271.yaml gives `author` outside `meta`.
    expect(files.flatMap((file) => file.problems)).toMatchObject([{ line: 3, fatal: false }]);
  });
});
