import { describe, expect, it } from 'vitest';
import { checkSubmission, checkSubmissions } from '../../src/authoring/submission.ts';
import { CODES } from '../../src/diagnostics/codes.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { createLocator } from '../../src/diagnostics/position.ts';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { renderJson } from '../../src/diagnostics/render-json.ts';
import { renderSarif } from '../../src/diagnostics/render-sarif.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import {
  ACCEPTED,
  IDS_AND_EVIDENCE,
  MACROS_AND_PATTERNS,
  NAMES,
  PHASES,
  REACH,
  SHAPE,
  type Submitted,
} from './submission.data.ts';

function shown(diagnostics: readonly Diagnostic[]): readonly string[] {
  const locator = createLocator();
  return diagnostics.map(({ code, severity, span }) => {
    if (span === undefined) return code;
    const { line, column } = locator.position(span.source, span.start);
    return `${line}:${column} ${code}${severity === 'warning' ? '?' : ''}`;
  });
}

function describeTable(title: string, table: readonly Submitted[]): void {
  describe(title, () => {
    for (const { name, text, findings } of table) {
      it(`are as listed for ${name}`, () => {
        expect(shown(checkSubmission({ name: 'rule.conf', text }))).toEqual(findings);
      });
    }
  });
}

describeTable('findings of checkSubmission on rules that can be submitted', ACCEPTED);
describeTable('findings of checkSubmission on the shape of a text', SHAPE);
describeTable('findings of checkSubmission on ids and evidence', IDS_AND_EVIDENCE);
describeTable('findings of checkSubmission on names and values', NAMES);
describeTable('findings of checkSubmission on phases', PHASES);
describeTable('findings of checkSubmission on macros and patterns', MACROS_AND_PATTERNS);
describeTable('findings of checkSubmission on what reaches beyond the rule', REACH);

describe('checkSubmission beside loaded rules', () => {
  const LOADED = loadRuleset({
    name: 'loaded.conf',
    text: `SecRequestBodyAccess On
SecDataset bots \`
curl
\`
SecRule ARGS "@rx loaded" "id:10000,phase:2,pass"
SecAction "id:10001,phase:1,pass,nolog"
SecRuleRemoveById 10001
SecMarker END
`,
  });
  const findings = (text: string, options = {}): readonly string[] =>
    shown(checkSubmission({ name: 'rule.conf', text }, { loaded: LOADED, ...options }));

  it('refuses an id that is taken, names its holder and offers a free one', () => {
    const text = 'SecRule ARGS "@rx a" "id:10000,phase:2"';
    const [found, ...rest] = checkSubmission(text, { loaded: LOADED });
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ severity: 'error', code: 'id-taken' });
    expect(found?.notes?.join()).toContain('loaded.conf:5:1');
    expect(found?.help).toContain('10002');
  });

  it('refuses the id of a rule that was removed, as a load would', () => {
    expect(findings('SecRule ARGS "@rx a" "id:10001,phase:2"')).toEqual(['1:26 id-taken']);
  });

  it('accepts the id of the rule that is replaced', () => {
    const text = 'SecRule ARGS "@rx a" "id:10000,phase:2"';
    expect(findings(text, { replaces: 10_000 })).toEqual([]);
    expect(findings(text, { replaces: 10_001 })).toEqual(['1:26 id-taken']);
  });

  it('finds the lists of the loaded rules', () => {
    const rule = (list: string): string =>
      `SecRule REQUEST_HEADERS:User-Agent "@pmFromDataset ${list}" "id:10,phase:1"`;
    expect(findings(rule('bots'))).toEqual([]);
    expect(findings(rule('cats'))).toEqual(['1:52 missing-dataset']);
    expect(shown(checkSubmission(rule('bots')))).toEqual(['1:52 missing-dataset']);
  });

  it('only warns of skipAfter when the loaded rules have the marker', () => {
    expect(findings('SecRule ARGS "@rx a" "id:10,phase:2,skipAfter:END"')).toEqual([
      '1:37 skip-in-signature?',
    ]);
  });

  it('warns of a body that the loaded rules do not read', () => {
    expect(findings('SecRule RESPONSE_BODY "@rx a" "id:10,phase:4"')).toEqual([
      '1:9 body-not-read?',
    ]);
    expect(findings('SecRule REQUEST_BODY|ARGS "@rx a" "id:10,phase:2"')).toEqual([]);
    expect(
      findings('SecRule RESPONSE_BODY "@rx a" "id:10,phase:4,ctl:responseBodyAccess=On"'),
    ).toEqual(['1:46 acts-too-late?']);
  });

  it('follows their SecCompatibility', () => {
    const loaded = loadRuleset('SecCompatibility modsecurity3');
    const text = 'SecRule ARGS "@rx a" "id:10"';
    const [found] = checkSubmission(text, { loaded });
    expect(found?.message).toContain('phase 1');
    expect(checkSubmission(text, { loaded, compatibility: 'modsecurity2' })[0]?.message).toContain(
      'phase 2',
    );
  });

  it('knows the words of an extension', () => {
    const extension = {
      transformations: [{ name: 'reverse', summary: 'backwards', apply: (value: string) => value }],
    };
    const text = 'SecRule ARGS "@rx a" "id:10,phase:2,t:reverse"';
    expect(findings(text, { extension })).toEqual([]);
    expect(findings(text)).toEqual(['1:39 unknown-transformation']);
  });
});

describe('checkSubmission and files', () => {
  const text = 'SecRule ARGS "@pmFromFile words.data" "id:10,phase:2"';
  const asked: string[] = [];
  const files = {
    read: (path: string) => {
      asked.push(path);
      return path.endsWith('words.data') ? 'one\ntwo\n' : undefined;
    },
    glob: () => [],
    resolve: (_from: string, path: string) => path,
  };

  it('reads those it is given and warns that they are no part of the submission', () => {
    expect(shown(checkSubmission(text, { files }))).toEqual(['1:27 needs-file?']);
    expect(shown(checkSubmission(text.replace('words', 'other'), { files }))).toEqual([
      '1:27 missing-data-file',
    ]);
  });

  it('reads none of this machine by itself', () => {
    expect(shown(checkSubmission(text.replace('words.data', '/etc/hostname')))).toEqual([
      '1:27 missing-data-file',
    ]);
  });

  it('does not follow an Include', () => {
    asked.length = 0;
    expect(shown(checkSubmission('Include words.data', { files }))).toEqual(['1:1 not-a-rule']);
    expect(asked).toEqual([]);
  });
});

describe('checkSubmissions', () => {
  it('refuses an id that two submissions share', () => {
    const rule = (id: number): { name: string; text: string } => ({
      name: `rule-${id}.conf`,
      text: `SecRule ARGS "@rx a" "id:${id},phase:2"`,
    });
    const found = checkSubmissions([rule(10), rule(11), { ...rule(10), name: 'again.conf' }]);
    expect(shown(found)).toEqual(['1:26 duplicate-id']);
    expect(found[0]?.span?.source.name).toBe('again.conf');
    expect(found[0]?.notes?.join()).toContain('rule-10.conf:1:26');
  });
});

describe('every finding of checkSubmission', () => {
  const all = [
    ...SHAPE,
    ...IDS_AND_EVIDENCE,
    ...NAMES,
    ...PHASES,
    ...MACROS_AND_PATTERNS,
    ...REACH,
  ].flatMap(({ text }) => checkSubmission({ name: 'rule.conf', text }));

  it('has a place, an explained code and a help', () => {
    expect(all.length).toBeGreaterThan(80);
    const bare = all.filter(
      ({ code, span, help, message }) =>
        span === undefined || CODES[code] === undefined || !help || message === '',
    );
    expect(bare).toEqual([]);
  });

  it('renders as text, JSON and SARIF', () => {
    expect(renderDiagnostics(all, { limit: 1000 })).toContain('error[msg-without-logdata]');
    const json = JSON.parse(renderJson(all)) as { diagnostics: { line: number }[] };
    expect(json.diagnostics.every(({ line }) => line > 0)).toBe(true);
    const sarif = JSON.parse(renderSarif(all)) as {
      runs: { tool: { driver: { rules: { fullDescription?: object }[] } } }[];
    };
    const rules = sarif.runs[0]?.tool.driver.rules ?? [];
    expect(rules.length).toBeGreaterThan(30);
    expect(rules.every(({ fullDescription }) => fullDescription !== undefined)).toBe(true);
  });
});

describe('checkSubmission on hostile texts', () => {
  const RULES = [...ACCEPTED, ...SHAPE, ...NAMES, ...MACROS_AND_PATTERNS].map(({ text }) => text);
  let seed = 11;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (seed >> 8) % below;
  };

  it('never throws, whatever is cut out, doubled or overwritten', () => {
    for (let round = 0; round < 1000; round++) {
      const text = RULES[random(RULES.length)] as string;
      const at = random(text.length + 1);
      const end = at + random(12);
      const byte = String.fromCharCode(random(256));
      const changed = [
        text.slice(0, at) + text.slice(end),
        text.slice(0, at) + byte + text.slice(at),
        text.slice(0, end) + text.slice(at),
      ][random(3)] as string;
      expect(() => checkSubmission(changed)).not.toThrow();
    }
  });

  it('says of chars that are no bytes that they are none, or takes them as text', () => {
    expect(shown(checkSubmission('SecRule ARGS "@rx \u6f22" "id:10,phase:2"'))).toEqual([
      '1:19 invalid-regex',
    ]);
  });

  it('ends on deep and long patterns', () => {
    for (const pattern of [
      '('.repeat(5000),
      'a'.repeat(200_000),
      '(?=a'.repeat(300),
      'a{9}'.repeat(9000),
    ]) {
      expect(() => checkSubmission(`SecRule ARGS "@rx ${pattern}" "id:10,phase:2"`)).not.toThrow();
    }
  });

  it('gives the same answer twice', () => {
    const text = 'SecRule ARG "@rx a(?=b.*c)" "id:1,msg:\'x\'"';
    expect(checkSubmission(text)).toEqual(checkSubmission(text));
  });
});
