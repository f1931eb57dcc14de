// Where the problems of a policy's sender sections are told to be: in the document, and in the files it names.

import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../../src/diagnostics/render.ts';
import { checkPolicy } from '../../../src/waf/policy.ts';

const DATA: Readonly<Record<string, string>> = {
  'ranges.csv': 'range,value\n192.0.2.0/24,5\n192.0.2.0/24,much\n',
};

/** The first line of each diagnostic: place, code. */
function placesOf(text: string): { readonly heads: readonly string[]; readonly runs: boolean } {
  const { diagnostics, policy } = checkPolicy([{ name: 'policy.yaml', text }], {
    files: { read: (path) => DATA[path] },
    environment: {},
  });
  const heads = diagnostics.map((diagnostic) => {
    const [head = ''] = renderDiagnostics([diagnostic]).split('\n');
    return head.replace(/^(\S+): (\w+\[[\w-]+\]).*$/, '$1 $2');
  });
  return { heads, runs: policy !== undefined };
}

describe('a problem of attribution', () => {
  it.each([
    [
      'attribution:\n  - from: jwt\n    key: {secretEnv: GONE}\n',
      'policy.yaml:3:10: error[bad-token-key]',
    ],
    [
      'attribution:\n  - from: header\n    name: X-User\n    steps: [trim, {regex: "(a"}]\n',
      'policy.yaml:4:27: error[invalid-regex]',
    ],
    [
      'hashPatterns:\n  - name: p\n    fields:\n      - address\nactors: {pattern: q}\n',
      'policy.yaml:5:19: error[bad-hash-pattern]',
    ],
    [
      'clientAddress:\n  trustedProxies: [10.0.0.0/33]\n',
      'policy.yaml:2:20: error[policy-wrong-value]',
    ],
    ['hashKey: {env: GONE}\n', 'policy.yaml:1:10: error[bad-hash-key]'],
  ])('is told at its place: %j', (text, expected) => {
    const { heads, runs } = placesOf(text);
    expect(heads.map((head) => head.replace(/ /, ': '))).toContain(expected);
    expect(runs).toBe(false);
  });
});

describe('a problem of intelligence', () => {
  it('is told where the document names a file that is missing, and the policy runs', () => {
    const text =
      'intelligence:\n  geo: {mmdb: gone.mmdb}\n  leakedEmails:\n    files: [gone.txt]\n';
    expect(placesOf(text)).toEqual({
      heads: [
        'policy.yaml:2:15 warning[missing-intelligence-file]',
        'policy.yaml:4:13 warning[missing-intelligence-file]',
      ],
      runs: true,
    });
  });

  it('is told in the file that is wrong, with the place that names it', () => {
    const text = 'intelligence:\n  ranges:\n    - {file: ranges.csv, kind: reputation}\n';
    expect(placesOf(text).heads).toEqual(['ranges.csv:3:1 warning[bad-intelligence-data]']);
    const { diagnostics } = checkPolicy([{ name: 'policy.yaml', text }], {
      files: { read: (path) => DATA[path] },
    });
    expect(renderDiagnostics(diagnostics)).toContain('included from policy.yaml:3:14');
  });
});
