// For each directive: what rules do with it, and not without it.

import {
  type EffectRow,
  later,
  matched,
  outside,
  seen,
  status,
  type Written,
  written,
} from '../effects.ts';
import { GEO_FILE } from '../geo-file.ts';
import { answered, form, json, post, xml } from '../requests.ts';

interface Case {
  /** Rules with `{}` where the directive stands; in front of them if there is none. */
  readonly rules: string;
  readonly look: EffectRow['look'];
  readonly expected: unknown;
  readonly isDefault?: boolean;
  readonly needsBuild?: boolean;
}

const row = (name: string, value: string, fact: string, one: Case): EffectRow => ({
  name,
  fact,
  text: `${name} ${value}`.trimEnd(),
  rules: one.rules.includes('{}') ? one.rules : `{}\n${one.rules}`,
  look: one.look,
  expected: one.expected,
  isDefault: one.isDefault ?? false,
  needsBuild: one.needsBuild ?? false,
});

const ON = 'SecRuleEngine On\n';
const BODIES = `${ON}SecRequestBodyAccess On\nSecResponseBodyAccess On\n`;
const ANY = `${ON}SecAction "id:1,phase:1,pass"`;
const FORM = form('a=1');
const SEE_FORM = `${BODIES}{}\nSecRule ARGS:a "@streq 1" "id:1,phase:2,pass"`;
const SEE_BODY = `${BODIES}{}\nSecRule RESPONSE_BODY "@streq hello" "id:1,phase:4,pass"`;
const PAIR = `${ON}SecRule ARGS "@rx ." "id:1,phase:1,pass,tag:'app/search',msg:'Odd search'"
SecRule ARGS "@rx ." "id:20,phase:1,pass,tag:other,msg:Other"
{}`;
const TWO = { uri: '/?a=1&b=1' };
/** The last argument that each rule saw. */
const variables = seen(({ matches }) => matches.map((one) => one.variable), TWO);
const FILE = '--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n1\r\n';

const KEPT =
  '--B\r\nContent-Disposition: form-data; name="f"; filename="../evil.sh"\r\n\r\nhello\r\n--B--\r\n';
const uploadsIn = (files: Written['files']): readonly string[] =>
  Object.entries(files)
    .filter(([name]) => /^\d{8}-\d{6}-.+-file-1$/.test(name))
    .map(([, { text }]) => text);
const AUDIT = `${ON}SecAuditEngine On\nSecAuditLog DIR/audit.log\n{}`;
const CONCURRENT = `${ON}SecAuditEngine On\nSecAuditLogType Concurrent\nSecAuditLog DIR/index\n`;
const STORED = `${CONCURRENT}SecAuditLogStorageDir DIR/data\n{}`;
const textOf =
  (name: string): ((written: Written) => string) =>
  ({ files }) =>
    files[name]?.text ?? '';
const entry = textOf('audit.log');
const isIn = (pattern: RegExp): EffectRow['look'] => written((log) => pattern.test(entry(log)));
const hasFile = (name: string): EffectRow['look'] => written(({ files }) => name in files);
const stored = ({ files }: Written): readonly string[] =>
  Object.keys(files).filter((name) => name.endsWith('-X'));

/** Directives that are accepted with a warning, with words that they take. */
const ACCEPTED: readonly (readonly [name: string, words: string])[] = [
  ['SecCacheTransformations', 'On'],
  ['SecChrootDir', '/chroot'],
  ['SecConnEngine', 'On'],
  ['SecConnReadStateLimit', '50'],
  ['SecReadStateLimit', '50'],
  ['SecConnWriteStateLimit', '50'],
  ['SecWriteStateLimit', '50'],
  ['SecContentInjection', 'On'],
  ['SecDataDir', '/data'],
  ['SecDisableBackendCompression', 'On'],
  ['SecGsbLookupDb', 'gsb.dat'],
  ['SecGuardianLog', '/log'],
  ['SecHashEngine', 'On'],
  ['SecHashKey', 'secret KeyOnly'],
  ['SecHashMethodPm', 'HashHref "shop"'],
  ['SecHashMethodRx', 'HashHref "shop"'],
  ['SecHashParam', 'crypt'],
  ['SecIgnoreRuleCompilationErrors', 'On'],
  ['SecInterceptOnError', 'On'],
  ['SecPcreMatchLimit', '1000'],
  ['SecPcreMatchLimitRecursion', '1000'],
  ['SecRemoteRulesFailAction', 'Warn'],
  ['SecRequestBodyInMemoryLimit', '1000'],
  ['SecRequestEncoding', 'utf-8'],
  ['SecRuleInheritance', 'Off'],
  ['SecRulePerfTime', '1000'],
  ['SecRxPreFilter', 'On'],
  ['SecServerSignature', 'Apache'],
  ['SecStatusEngine', 'On'],
  ['SecStreamInBodyInspection', 'On'],
  ['SecStreamOutBodyInspection', 'On'],
  ['SecUnicodeCodePage', '20127'],
  ['SecXmlExternalEntity', 'On'],
];

export const DIRECTIVE_ROWS: readonly EffectRow[] = [
  row('SecRule', 'ARGS:a "@streq 1" "id:1,phase:1,pass"', 'matches where its operator does', {
    rules: `${ON}{}`,
    look: matched({ uri: '/?a=1' }),
    expected: [1],
  }),
  row('SecAction', '"id:1,phase:1,deny"', 'always matches', {
    rules: `${ON}{}`,
    look: status(),
    expected: 403,
  }),
  row('SecMarker', 'END', 'is where skipAfter goes on', {
    rules: `${ON}SecAction "id:1,phase:1,pass,skipAfter:END"
SecAction "id:2,phase:1,pass"
{}
SecAction "id:3,phase:1,pass"`,
    look: matched(),
    expected: [1, 3],
  }),
  row('SecDefaultAction', '"phase:1,deny,status:418"', 'gives rules what they lack', {
    rules: `${ON}{}\nSecAction "id:1,phase:1"`,
    look: status(),
    expected: 418,
  }),
  row(
    'SecDefaultAction',
    '"phase:1,deny,block,status:418"',
    'keeps deny where block stands behind it',
    {
      rules: `${ON}{}\nSecAction "id:1,phase:1,block"`,
      look: status(),
      expected: { codes: ['no-effect'], shown: 418 },
    },
  ),
  row('SecRuleScript', 'check.lua "id:1,phase:1,deny"', 'matches where its script returns a text', {
    rules: `${ON}{}`,
    look: seen(
      ({ interruption }) => interruption?.rule,
      { uri: '/?a=1' },
      { 'check.lua': 'function main() return m.getvar("ARGS.a") end' },
    ),
    expected: 1,
    needsBuild: true,
  }),
  row('SecDataset', 'words `\nevil\n`', 'is a list for operators', {
    rules: `${ON}SecRule ARGS:a "@pmFromDataset words" "id:1,phase:1,pass"\n{}`,
    look: matched({ uri: '/?a=evil' }),
    expected: [1],
  }),
  row('Include', 'more.conf', 'puts a file in its place', {
    rules: `${ON}{}\nSecAction "id:2,phase:1,pass"`,
    look: matched({}, { 'more.conf': 'SecAction "id:1,phase:1,pass"' }),
    expected: [1, 2],
  }),
  row('Include', 'more.conf', 'insists on the file', {
    rules: ANY,
    look: matched(),
    expected: { codes: ['include-not-found'] },
  }),
  row('IncludeOptional', 'more.conf', 'puts a file in its place', {
    rules: `${ON}{}\nSecAction "id:2,phase:1,pass"`,
    look: matched({}, { 'more.conf': 'SecAction "id:1,phase:1,pass"' }),
    expected: [1, 2],
  }),
  row('IncludeOptional', 'more.conf', 'does without the file', {
    rules: ANY,
    look: matched(),
    expected: [1],
    isDefault: true,
  }),
  row('SecRemoteRules', 'key https://rules.test/', 'is refused', {
    rules: ANY,
    look: matched(),
    expected: { codes: ['refused-directive'] },
  }),

  row('SecRuleEngine', 'On', 'runs rules', {
    rules: 'SecAction "id:1,phase:1,deny"',
    look: status(),
    expected: 403,
  }),
  row('SecRuleEngine', 'DetectionOnly', 'runs rules and does not interrupt', {
    rules: `${ON}{}\nSecAction "id:1,phase:1,deny"`,
    look: seen((one) => [one.matched, one.interruption]),
    expected: [[1], null],
  }),
  row('SecRuleEngine', 'Off', 'runs no rules', {
    rules: `${ON}{}\nSecAction "id:1,phase:1,deny"`,
    look: matched(),
    expected: [],
  }),
  row('SecCompatibility', 'modsecurity3', 'follows the ways of another engine', {
    rules: `${ON}SecAction "id:9,phase:1,pass,setvar:tx.n=-1"
SecRule TX:n "@streq -1" "id:1,phase:1,pass"`,
    look: matched(),
    expected: [9, 1],
  }),

  row('SecRequestBodyAccess', 'On', 'has bodies read', {
    rules: `${ON}{}\nSecRule ARGS:a "@streq 1" "id:1,phase:2,pass"`,
    look: matched(FORM),
    expected: [1],
  }),
  row('SecRequestBodyLimit', '2', 'refuses longer bodies', {
    rules: SEE_FORM,
    look: status(FORM),
    expected: 413,
  }),
  row('SecRequestBodyLimitAction', 'ProcessPartial', 'reads their beginning', {
    rules: `${SEE_FORM}\nSecRequestBodyLimit 3`,
    look: matched(form('a=12')),
    expected: [1],
  }),
  row('SecRequestBodyNoFilesLimit', '2', 'refuses longer bodies without files', {
    rules: SEE_FORM,
    look: status(FORM),
    expected: 413,
  }),
  row('SecRequestBodyJsonDepthLimit', '1', 'refuses deeper JSON', {
    rules: `${BODIES}SecAction "id:9,phase:1,pass,ctl:requestBodyProcessor=JSON"
SecRule REQBODY_ERROR "@eq 1" "id:1,phase:2,pass"
{}`,
    look: matched(json('{"a":[[1]]}')),
    expected: [9, 1],
  }),
  row('SecParseXmlIntoArgs', 'On', 'makes arguments of elements', {
    rules: `${BODIES}SecAction "id:9,phase:1,pass,ctl:requestBodyProcessor=XML"
SecRule ARGS:xml.a "@streq y" "id:1,phase:2,pass"
{}`,
    look: matched(xml('<a>y</a>')),
    expected: [9, 1],
  }),
  row('SecArgumentSeparator', ';', 'separates arguments', {
    rules: `${ON}SecRule &ARGS "@eq 2" "id:1,phase:1,pass"`,
    look: matched({ uri: '/?a=1;b=2' }),
    expected: [1],
  }),
  row('SecArgumentsLimit', '1', 'leaves out further arguments, and says so', {
    rules: `${BODIES}SecRule REQBODY_ERROR|&ARGS "@eq 1" "id:1,phase:2,pass,setvar:tx.n=+1"
SecRule TX:n "@eq 2" "id:2,phase:2,pass"`,
    look: matched(TWO),
    expected: [1, 2],
  }),
  row('SecCookieFormat', '1', 'reads quoted values of cookies', {
    rules: `${ON}SecRule REQUEST_COOKIES:a "@streq 1; 2" "id:1,phase:1,pass"`,
    look: matched({ headers: [['Cookie', 'a="1; 2"']] }),
    expected: [1],
  }),
  row('SecCookieV0Separator', '|', 'separates cookies', {
    rules: `${ON}SecRule REQUEST_COOKIES:b "@streq 2" "id:1,phase:1,pass"`,
    look: matched({ headers: [['Cookie', 'a=1|b=2']] }),
    expected: [1],
  }),
  row('SecUploadFileLimit', '1', 'is the number of files without a flag', {
    rules: `${BODIES}SecRule MULTIPART_FILE_LIMIT_EXCEEDED "@eq 1" "id:1,phase:2,pass"
SecTmpSaveUploadedFiles On
{}`,
    look: matched(post('multipart/form-data; boundary=B', `${FILE}${FILE}--B--\r\n`)),
    expected: [1],
  }),
  row('SecTmpSaveUploadedFiles', 'On', 'puts the limit on files in force', {
    rules: `${BODIES}SecUploadFileLimit 1
SecRule MULTIPART_FILE_LIMIT_EXCEEDED "@eq 1" "id:1,phase:2,pass"
{}`,
    look: matched(post('multipart/form-data; boundary=B', `${FILE}${FILE}--B--\r\n`)),
    expected: [1],
  }),
  row('SecTmpSaveUploadedFiles', 'On', 'writes uploads to disk', {
    rules: `${BODIES}SecTmpDir DIR\n{}\nSecRule FILES_TMPNAMES "@rx ." "id:1,phase:2,pass"`,
    look: outside(post('multipart/form-data; boundary=B', KEPT)),
    expected: [1],
  }),
  row('SecTmpDir', 'DIR', 'is where uploads are while their request runs', {
    rules: `${BODIES}SecTmpSaveUploadedFiles On
{}
SecRule FILES_TMPNAMES "@beginsWith DIR/" "id:1,phase:2,pass"`,
    look: outside(post('multipart/form-data; boundary=B', KEPT)),
    expected: [1],
  }),
  row('SecUploadDir', 'DIR', 'is where uploads are kept', {
    rules: `${BODIES}SecUploadKeepFiles On\n{}`,
    look: written(({ files }) => uploadsIn(files), post('multipart/form-data; boundary=B', KEPT)),
    expected: ['hello'],
  }),
  row('SecUploadFileMode', '0640', 'is the mode of kept uploads', {
    rules: `${BODIES}SecUploadKeepFiles On\nSecUploadDir DIR\n{}`,
    look: written(
      ({ files }) => Object.values(files).map(({ mode }) => mode),
      post('multipart/form-data; boundary=B', KEPT),
    ),
    expected: ['640'],
  }),
  row('SecUploadKeepFiles', 'RelevantOnly', 'keeps those that a rule wants in the audit log', {
    rules: `${BODIES}SecUploadDir DIR
SecRule FILES "@contains evil" "id:1,phase:2,pass,auditlog"
{}`,
    look: written(({ files }) => uploadsIn(files), post('multipart/form-data; boundary=B', KEPT)),
    expected: ['hello'],
  }),
  row('SecUploadKeepFiles', 'On', 'puts the limit on files in force', {
    rules: `${BODIES}SecUploadFileLimit 1
SecRule MULTIPART_FILE_LIMIT_EXCEEDED "@eq 1" "id:1,phase:2,pass"
{}`,
    look: matched(post('multipart/form-data; boundary=B', `${FILE}${FILE}--B--\r\n`)),
    expected: [1],
  }),
  row('SecUnicodeMapFile', 'unicode.mapping 20127', 'maps wide chars', {
    rules: `${ON}SecRule ARGS:a "@streq A" "id:1,phase:1,pass,t:urlDecodeUni"`,
    look: matched({ uri: '/?a=%25u0100' }, { 'unicode.mapping': '20127 (US-ASCII)\n0100:41\n' }),
    expected: [1],
  }),

  row('SecResponseBodyAccess', 'On', 'has responses read', {
    rules: `${ON}{}\nSecRule RESPONSE_BODY "@streq hello" "id:1,phase:4,pass"`,
    look: matched(),
    expected: [1],
  }),
  row('SecResponseBodyLimit', '2', 'refuses longer responses', {
    rules: SEE_BODY,
    look: status(),
    expected: 500,
  }),
  row('SecResponseBodyLimitAction', 'ProcessPartial', 'lets them pass', {
    rules: `${SEE_BODY}\nSecResponseBodyLimit 2`,
    look: status(),
    expected: null,
  }),
  row('SecResponseBodyMimeType', 'image/png text/x', 'names the types that are read', {
    rules: SEE_BODY,
    look: matched(answered('hello', [['Content-Type', 'image/png']])),
    expected: [1],
  }),
  row('SecResponseBodyMimeTypesClear', '', 'leaves no type to be read', {
    rules: SEE_BODY,
    look: matched(),
    expected: [],
  }),

  row('SecCollectionTimeout', '60', 'is the life of a collection', {
    rules: `${ON}SecAction "id:9,phase:1,pass,initcol:ip=a,setvar:ip.n=+1"
SecRule IP:n "@eq 1" "id:1,phase:2,pass"`,
    look: matched([{}, later(60)]),
    expected: [9, 1],
  }),
  row('SecWebAppId', 'shop', 'names the application', {
    rules: `${ON}SecRule WEBAPPID "@streq shop" "id:1,phase:1,pass"`,
    look: matched(),
    expected: [1],
  }),
  row('SecHttpBlKey', 'abcdefghijkl', 'lets @rbl ask Project Honey Pot', {
    rules: `${ON}SecRule REMOTE_ADDR "@rbl dnsbl.httpbl.org" "id:1,phase:1,pass"`,
    look: outside({ client: { address: '127.0.0.2', port: 1 } }),
    expected: [1],
  }),
  row('SecGeoLookupDb', 'geo.mmdb', 'is where @geoLookup looks', {
    rules: `${ON}SecRule REMOTE_ADDR "@geoLookup" "id:1,phase:1,pass"`,
    look: matched({ client: { address: '10.0.0.7', port: 1 } }, { 'geo.mmdb': GEO_FILE }),
    expected: [1],
  }),

  row('SecRuleRemoveById', '"1-9"', 'takes out rules by id or range', {
    rules: PAIR,
    look: matched(TWO),
    expected: [20],
  }),
  row('SecRuleRemoveByTag', '^app/', 'takes out rules whose tag a pattern finds', {
    rules: PAIR,
    look: matched(TWO),
    expected: [20],
  }),
  row('SecRuleRemoveByMsg', 'search', 'takes out rules whose message a pattern finds', {
    rules: PAIR,
    look: matched(TWO),
    expected: [20],
  }),
  row('SecRuleUpdateActionById', '1 "deny,status:418"', 'gives other actions to a rule', {
    rules: PAIR,
    look: status(TWO),
    expected: 418,
  }),
  row('SecRuleUpdateTargetById', '1 "!ARGS:b"', 'takes a target from rules by id', {
    rules: PAIR,
    look: variables,
    expected: ['ARGS:a', 'ARGS:b'],
  }),
  row('SecRuleUpdateTargetById', '1-20 "REQUEST_METHOD"', 'gives a target to rules by range', {
    rules: PAIR,
    look: variables,
    expected: ['REQUEST_METHOD', 'REQUEST_METHOD'],
  }),
  row('SecRuleUpdateTargetByTag', 'app/ "!ARGS:b"', 'takes a target from rules by tag', {
    rules: PAIR,
    look: variables,
    expected: ['ARGS:a', 'ARGS:b'],
  }),
  row('SecRuleUpdateTargetByMsg', 'search "!ARGS:b"', 'takes a target from rules by message', {
    rules: PAIR,
    look: variables,
    expected: ['ARGS:a', 'ARGS:b'],
  }),

  row('SecAuditEngine', 'On', 'has transactions written', {
    rules: `${ON}SecAuditLog DIR/audit.log\n{}`,
    look: written((log) => entry(log) !== ''),
    expected: true,
  }),
  row('SecAuditLog', 'DIR/audit.log', 'names the file', {
    rules: `${ON}SecAuditEngine On\n{}`,
    look: hasFile('audit.log'),
    expected: true,
  }),
  row('SecAuditLog2', 'DIR/second', 'names a second index', {
    rules: STORED,
    look: written(
      (log) => textOf('second')(log) !== '' && textOf('second')(log) === textOf('index')(log),
    ),
    expected: true,
  }),
  row('SecAuditLogType', 'Concurrent', 'has a file written for each transaction', {
    rules: `${ON}SecAuditEngine On\nSecAuditLog DIR/index\nSecAuditLogStorageDir DIR/data\n{}`,
    look: written((log) => stored(log).length),
    expected: 1,
  }),
  row('SecAuditLogStorageDir', 'DIR/store', 'is where these files are', {
    rules: `${CONCURRENT}{}`,
    look: written((log) => stored(log).every((name) => name.startsWith('store/'))),
    expected: true,
  }),
  row('SecAuditLogDirMode', '0700', 'is the mode of their folders', {
    rules: STORED,
    look: written(({ folders }) => [...new Set(Object.values(folders))]),
    expected: ['700'],
  }),
  row('SecAuditLogFileMode', '0600', 'is the mode of logs', {
    rules: AUDIT,
    look: written(({ files }) => files['audit.log']?.mode),
    expected: '600',
  }),
  row('SecAuditLogFormat', 'JSON', 'has entries written as JSON', {
    rules: AUDIT,
    look: isIn(/^\{"transaction":\{.*\}\}\n$/),
    expected: true,
  }),
  row('SecAuditLogParts', 'AHZ', 'says what an entry holds', {
    rules: AUDIT,
    look: written((log) =>
      [...entry(log).matchAll(/^--[0-9a-f]{8}-([A-Z])--$/gm)].map(([, part]) => part),
    ),
    expected: ['A', 'H', 'Z'],
  }),
  row('SecAuditLogRelevantStatus', '^40[04]', 'says which answers are relevant', {
    rules: `${ON}SecAuditEngine RelevantOnly\nSecAuditLog DIR/audit.log\n{}`,
    look: written((log) => entry(log) !== '', { response: { status: 404, headers: [] } }),
    expected: true,
  }),
  row('SecComponentSignature', '"shop/1"', 'is named as a producer', {
    rules: AUDIT,
    look: isIn(/^Producer: .*; shop\/1\.$/m),
    expected: true,
  }),
  row('SecSensorId', 'west', 'is named in the trailer', {
    rules: AUDIT,
    look: isIn(/^Sensor-Id: "west"$/m),
    expected: true,
  }),
  row('SecServerSignature', 'Apache', 'is named in the trailer', {
    rules: AUDIT,
    look: isIn(/^Server: Apache$/m),
    expected: true,
  }),
  row('SecDebugLog', 'DIR/debug.log', 'names the file', {
    rules: `${ON}SecDebugLogLevel 9\n{}`,
    look: hasFile('debug.log'),
    expected: true,
  }),
  row('SecDebugLogLevel', '9', 'says how much is told', {
    rules: `${ON}SecDebugLog DIR/debug.log\n{}`,
    look: written((log) => /\[9\] /.test(textOf('debug.log')(log))),
    expected: true,
  }),

  ...ACCEPTED.map(([name, words]) =>
    row(name, words, 'is accepted with a warning', {
      rules: ANY,
      look: matched(),
      expected: { codes: ['no-effect'], shown: [1] },
    }),
  ),
];
