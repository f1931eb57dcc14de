import { readdirSync, readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/diagnostics/source.ts';
import { BEHAVIOURS } from '../../src/model/compatibility.ts';
import type { Document } from '../../src/seclang/ast.ts';
import {
  type PackedDocument,
  packDocument,
  unpackDocument,
} from '../../src/seclang/packed-document.ts';
import { parse } from '../../src/seclang/parse.ts';
import { OWN_SYNTAX, type Syntax } from '../../src/seclang/syntax.ts';
import { crsPath } from '../support/crs.ts';
import { describeShared } from '../support/shared.ts';

/** As it comes back from a file, for a source of another name. */
function there(text: string, syntax: Syntax = OWN_SYNTAX): [Document, Document] {
  const renamed: Source = { name: 'renamed.conf', text };
  const { document, diagnostics } = parse({ name: 'a.conf', text }, syntax);
  expect(diagnostics).toEqual([]);
  expect(document.directives.length).toBeGreaterThan(0);
  const packed = deserialize(serialize(packDocument(document))) as PackedDocument;
  return [unpackDocument(packed, renamed), parse(renamed, syntax).document];
}

const TEXTS: readonly (readonly [string, string])[] = [
  ['a rule', 'SecRule ARGS:a|!ARGS:/b/|&TX:c|XML:/d/@e "!@rx f" "id:1,t:none,msg:\'g\',deny"'],
  ['a rule without an operator name', 'SecRule ARGS "^a" "id:1"'],
  ['a rule without actions', 'SecRule ARGS "@rx a" "id:1,chain"\nSecRule ARGS "@rx b"'],
  ['joined lines and escapes', 'SecRule ARGS \\\n  "@rx \\"a\\\nb\\"" \\\n  "id:1,\\\n  pass"'],
  ['carriage returns', 'SecRule ARGS \\\r\n  "@rx a\\\r\n  b" "id:1"\r\n'],
  ['a byte order mark', '\xef\xbb\xbfSecAction "id:1"'],
  ['bytes above 0x7f', 'SecRule ARGS "@rx \xe9\xff" "id:1,msg:\'\xc0\'"'],
  ['what is no byte', 'SecRule ARGS "@streq \u0141\ud800" "id:1"'],
  ['empty words', 'SecRule ARGS "@rx " "id:1,msg:\'\'"\nSecMarker \'\''],
  ['default actions', 'SecDefaultAction "phase:1,pass,log"'],
  ['a script', 'SecRuleScript a.lua "id:1"\nSecRuleScript b.lua'],
  ['markers and words in all quotes', 'SecMarker A\nSecMarker "B"\nSecMarker \'C\''],
  ['includes', 'Include a.conf\nIncludeOptional "b/*.conf"'],
  ['removals', "SecRuleRemoveById 1 2-3\nSecRuleRemoveByTag a\nSecRuleRemoveByMsg 'b c'"],
  [
    'updates of targets',
    'SecRuleUpdateTargetById 1 "!ARGS:a"\nSecRuleUpdateTargetByTag a "ARGS:b" "ARGS:c"\nSecRuleUpdateTargetByMsg b ARGS',
  ],
  ['updates of actions', 'SecRuleUpdateActionById 1 "pass,nolog"'],
  ['settings', 'SecRuleEngine On\nSecArgumentSeparator "&"\nSecUploadDir "/a b"'],
  ['a dataset', 'SecDataset a `\nb\n\nc\n`\nSecDataset d `e`'],
  ['comments', '# a\n#b\n\n# c\nSecAction \\\n# inside\n  "id:1"\n\n# behind\n#end'],
];

describe('unpackDocument', () => {
  it.each(TEXTS)('gives %s back with all places', (_, text) => {
    const [unpacked, parsed] = there(text);
    expect(unpacked).toStrictEqual(parsed);
  });

  it('binds spans to the source at hand', () => {
    const [unpacked] = there('SecRule ARGS "@rx a" "id:1"');
    const [rule] = unpacked.directives;
    expect(unpacked.source.name).toBe('renamed.conf');
    expect(rule?.span.source).toBe(unpacked.source);
  });

  it('gives back what other engines read otherwise', () => {
    const [unpacked, parsed] = there('SecRule ARGS "@rx a" "id:1,msg:a b', BEHAVIOURS.modsecurity3);
    expect(unpacked).toStrictEqual(parsed);
  });
});

describeShared('unpackDocument with CRS', crsPath('rules'), () => {
  const names = readdirSync(crsPath('rules')).filter((name) => name.endsWith('.conf'));

  it.each(names)('gives %s back', (name) => {
    const text = readFileSync(crsPath('rules', name), 'latin1');
    if (parse({ name, text }).document.directives.length === 0) return;
    const [unpacked, parsed] = there(text);
    expect(unpacked).toStrictEqual(parsed);
  });
});
