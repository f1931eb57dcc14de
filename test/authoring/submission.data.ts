// Rules as people submit them, with everything that is to be said: `line:column code`, warnings with a `?`.

export interface Submitted {
  readonly name: string;
  readonly text: string;
  readonly findings: readonly string[];
}

const LOGDATA = "logdata:'%{MATCHED_VAR_NAME}=%{MATCHED_VAR}'";

const one = (name: string, text: string, ...findings: readonly string[]): Submitted => ({
  name,
  text,
  findings,
});

export const ACCEPTED: readonly Submitted[] = [
  one('a rule with an id and a phase', 'SecRule ARGS "@rx ^admin$" "id:10,phase:2,deny"'),
  one('msg with logdata', `SecRule ARGS "@rx ^a" "id:10,phase:2,msg:'a',${LOGDATA}"`),
  one('logdata without msg', `SecRule ARGS "@rx ^a" "id:10,phase:2,${LOGDATA}"`),
  one('neither msg nor logdata', 'SecRule ARGS "@rx ^a" "id:10,phase:2"'),
  one(
    'a chain',
    'SecRule ARGS:a "@rx ^a" "id:10,phase:2,block,chain"\n  SecRule ARGS:b "@streq 1" "t:lowercase"',
  ),
  one(
    'a chain of three, logdata in each',
    `SecRule ARGS "@rx ^a" "id:10,phase:2,msg:'a',${LOGDATA},chain"
SecRule ARGS "@rx b" "${LOGDATA},chain"
SecRule ARGS "@rx c" "${LOGDATA}"`,
  ),
  one(
    'a chained rule without actions',
    'SecRule ARGS:a "@rx a" "id:10,phase:2,chain"\nSecRule ARGS:b "@rx b"',
  ),
  one('comments around the rule', '# why\n\nSecRule ARGS "@rx a" "id:10,phase:2"\n# end\n'),
  one('a rule over several lines', 'SecRule ARGS \\\n  "@rx a" \\\n  "id:10,\\\n  phase:2"'),
  one('CRLF line ends', 'SecRule ARGS "@rx a" \\\r\n  "id:10,phase:2"\r\n'),
  one('names in any case', 'secrule args "@RX a" "ID:10,PHASE:2,T:LOWERCASE,DENY"'),
  one('a response body in phase 4', 'SecRule RESPONSE_BODY "@contains x" "id:10,phase:4"'),
  one('response headers in phase 3', 'SecRule RESPONSE_HEADERS:Server "@rx a" "id:10,phase:3"'),
  one('a named phase', 'SecRule RESPONSE_BODY "@rx a" "id:10,phase:response"'),
  one('request variables in phase 5', 'SecRule REQUEST_BODY|ARGS "@rx a" "id:10,phase:5,pass"'),
  one('what is excluded, whatever its phase', 'SecRule ARGS_GET|!ARGS_POST:a "@rx a" "id:10,phase:1"'),
  one('the old spelling of a header', 'SecRule HTTP_User-Agent "@rx bot" "id:10,phase:1"'),
  one('a captured group in logdata', `SecRule ARGS "@rx (a+)" "id:10,phase:2,capture,logdata:'%{TX.1}'"`),
  one(
    'a captured group in the next rule of the chain',
    `SecRule ARGS "@rx (a+)b" "id:10,phase:2,capture,chain"\nSecRule TX:1 "@streq aa" "logdata:'%{TX.1}'"`,
  ),
  one('a lookahead that is linear all the same', 'SecRule ARGS "@rx ^(?=.*a)b" "id:10,phase:2"'),
  one('a possessive quantifier that backtracking could not use', 'SecRule ARGS "@rx a++b" "id:10,phase:2"'),
  one('nested repeats', 'SecRule ARGS "@rx ^(a+)+$" "id:10,phase:2"'),
  one('a counted percent sign before a brace', 'SecRule ARGS "@rx ^%{2}a" "id:10,phase:2"'),
  one('a brace behind a percent sign to be searched for', 'SecRule ARGS "@contains %{(#" "id:10,phase:2"'),
  one('a whole variable that is asked for something', 'SecRule REQUEST_URI "@rx ." "id:10,phase:1"'),
  one('an argument that only has to be there', 'SecRule ARGS:debug "@unconditionalMatch" "id:10,phase:2"'),
  one('a condition that is negated', 'SecRule REQUEST_METHOD "!@rx ^(?:GET|POST)$" "id:10,phase:1"'),
  one('the highest id below CRS', 'SecRule ARGS "@rx a" "id:899999,phase:2"'),
  one('the lowest id above CRS', 'SecRule ARGS "@rx a" "id:1000000,phase:2"'),
  one('ctl that switches something on', 'SecRule ARGS_GET "@rx a" "id:10,phase:1,ctl:requestBodyAccess=On"'),
  one('collections', 'SecRule ARGS "@rx a" "id:10,phase:2,initcol:ip=%{REMOTE_ADDR},setvar:ip.n=+1"'),
  one('bytes above ASCII', 'SecRule ARGS "@contains caf\xc3\xa9" "id:10,phase:2"'),
];

export const SHAPE: readonly Submitted[] = [
  one('an empty text', '', '1:1 no-rule'),
  one('comments alone', '# nothing\n\n', '1:1 no-rule'),
  one(
    'two rules',
    'SecRule ARGS "@rx a" "id:10,phase:2"\nSecRule ARGS "@rx b" "id:11,phase:2"',
    '2:1 more-than-one-rule',
  ),
  one(
    'two rules where chain was forgotten',
    'SecRule ARGS "@rx a" "id:10,phase:2"\n  SecRule ARGS "@rx b" "t:none"',
    '2:3 more-than-one-rule',
    '2:3 missing-phase?',
  ),
  one(
    'two rules of one id',
    'SecRule ARGS "@rx a" "id:10,phase:2"\nSecRule ARGS "@rx b" "id:10,phase:2"',
    '2:1 more-than-one-rule',
    '2:23 duplicate-id',
  ),
  one(
    'a rule behind a chain',
    'SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecRule ARGS "@rx b"\nSecRule ARGS "@rx c" "id:11,phase:2"',
    '3:1 more-than-one-rule',
  ),
  one('SecAction', 'SecAction "id:10,phase:1,pass"', '1:1 not-a-rule'),
  one(
    'SecAction in a chain',
    'SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecAction "setvar:tx.a=1"',
    '2:1 not-a-rule',
  ),
  one(
    'a setting',
    'SecRuleEngine On\nSecRule ARGS "@rx a" "id:10,phase:2"',
    '1:1 not-a-rule',
  ),
  one(
    'a marker and a removal',
    'SecRule ARGS "@rx a" "id:10,phase:2"\n SecMarker END\nSecRuleRemoveById 942100',
    '2:2 not-a-rule',
    '3:1 not-a-rule',
  ),
  one('what is wrong inside SecAction', 'SecAction "id:x,dney"\nSecRule ARGS "@rx a" "id:10,phase:2"', '1:1 not-a-rule'),
  one('a script', 'SecRuleScript a.lua "id:10,phase:2"', '1:1 not-a-rule'),
  one('an Include', 'Include other.conf', '1:1 not-a-rule'),
  one('default actions', 'SecDefaultAction "phase:2,pass"\nSecRule ARGS "@rx a" "id:10,phase:2"', '1:1 not-a-rule'),
  one(
    'a chain that ends',
    'SecRule ARGS "@rx a" "id:10,phase:2,chain"',
    '1:1 unfinished-chain',
  ),
  one(
    'a chain that a marker cuts',
    'SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecMarker X\nSecRule ARGS "@rx b" "id:11,phase:2"',
    '1:1 unfinished-chain',
    '2:1 not-a-rule',
    '3:1 more-than-one-rule',
  ),
  one('a misspelt directive', 'SecRul ARGS "@rx a" "id:10,phase:2"', '1:1 unknown-directive'),
  one('an open quote', 'SecRule ARGS "@rx a" "id:10,phase:2', '1:22 unclosed-quote'),
  one(
    'a chain whose second rule cannot be read',
    'SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecRule ARGS "@rx b" "t:none',
    '2:22 unclosed-quote',
  ),
];

export const IDS_AND_EVIDENCE: readonly Submitted[] = [
  one('no actions', 'SecRule ARGS "@rx a"', '1:1 missing-actions', '1:1 missing-phase?'),
  one('no id', 'SecRule ARGS "@rx a" "phase:2,deny"', '1:1 missing-id'),
  one(
    'no id at the start of a chain',
    'SecRule ARGS "@rx a" "phase:2,chain"\nSecRule ARGS "@rx b" "t:none"',
    '1:1 missing-id',
  ),
  one('an id that is no number', 'SecRule ARGS "@rx a" "id:x1,phase:2"', '1:26 bad-rule-id'),
  one('an id that is too large', 'SecRule ARGS "@rx a" "id:2147483648,phase:2"', '1:26 bad-rule-id'),
  one(
    'an id in a chained rule',
    'SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecRule ARGS "@rx b" "id:11"',
    '2:23 misplaced-action',
  ),
  one('the first id of CRS', 'SecRule ARGS "@rx a" "id:900000,phase:2"', '1:26 reserved-id?'),
  one('the last id of CRS', `SecRule ARGS "@rx a" "id:'999999',phase:2"`, '1:27 reserved-id?'),
  one('msg alone', `SecRule ARGS "@rx a" "id:10,phase:2,msg:'x'"`, '1:37 msg-without-logdata'),
  one(
    'msg alone at the start of a chain, logdata behind',
    `SecRule ARGS "@rx a" "id:10,phase:2,msg:'x',chain"\nSecRule ARGS "@rx b" "${LOGDATA}"`,
    '1:37 msg-without-logdata',
  ),
  one(
    'msg alone in a chained rule',
    `SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecRule ARGS "@rx b" "msg:'y'"`,
    '2:23 misplaced-action',
    '2:23 msg-without-logdata',
  ),
  one(
    'msg alone in two rules of a chain',
    `SecRule ARGS "@rx a" "id:10,phase:2,msg:'x',chain"\nSecRule ARGS "@rx b" "msg:'y'"`,
    '1:37 msg-without-logdata',
    '2:23 misplaced-action',
    '2:23 msg-without-logdata',
  ),
  one('an empty logdata', `SecRule ARGS "@rx a" "id:10,phase:2,logdata:''"`, '1:37 missing-action-value'),
];

export const NAMES: readonly Submitted[] = [
  one('an unknown variable', 'SecRule ARG|ARGS "@rx a" "id:10,phase:2"', '1:9 unknown-variable'),
  one('an unknown operator', 'SecRule ARGS "@contians a" "id:10,phase:2"', '1:16 unknown-operator'),
  one('an unknown transformation', 'SecRule ARGS "@rx a" "id:10,phase:2,t:lowercas"', '1:39 unknown-transformation'),
  one('an unknown action', 'SecRule ARGS "@rx a" "id:10,phase:2,dney"', '1:37 unknown-action'),
  one('an unknown phase', 'SecRule RESPONSE_BODY "@rx a" "id:10,phase:6"', '1:44 bad-phase'),
  one('an unknown option of ctl', 'SecRule ARGS "@rx a" "id:10,phase:2,ctl:ruleEngin=Off"', '1:41 unknown-ctl-option'),
  one('a variable of actions that is none', 'SecRule ARGS "@rx a" "id:10,phase:2,setvar:foo.a=1"', '1:44 bad-action-value'),
  one('a selector on one value', 'SecRule REQUEST_URI:a "@rx a" "id:10,phase:1"', '1:21 selector-on-scalar'),
  one('a broken selector', 'SecRule ARGS:/a(/ "@rx a" "id:10,phase:2"', '1:14 invalid-regex'),
  one('an operator without its argument', 'SecRule ARGS "@pm" "id:10,phase:2"', '1:15 missing-operator-argument'),
  one('a broken argument', 'SecRule ARGS "@validateByteRange 1-300" "id:10,phase:2"', '1:34 bad-byte-range'),
  one('an operator that never matches', 'SecRule ARGS "@rsub s/a/b/" "id:10,phase:2"', '1:15 no-effect'),
  one('deny in a chained rule', 'SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecRule ARGS "@rx b" "deny"', '2:23 misplaced-action'),
  one('block in a chained rule', 'SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecRule ARGS "@rx b" "t:none,block"', '2:30 misplaced-action'),
  one('a data file', 'SecRule ARGS "@pmFromFile a.data" "id:10,phase:2"', '1:27 missing-data-file'),
  one('a program to run', 'SecRule ARGS "@rx a" "id:10,phase:2,exec:/bin/true"', '1:42 program-not-allowed?'),
  one('an effect that is not carried out', `SecRule ARGS "@rx a" "id:10,phase:2,append:'x'"`, '1:45 no-effect?'),
];

export const PHASES: readonly Submitted[] = [
  one('no phase', 'SecRule ARGS "@rx a" "id:10"', '1:1 missing-phase?'),
  one('no phase for a response', 'SecRule ARGS|RESPONSE_BODY "@rx a" "id:10"', '1:1 missing-phase?', '1:14 variable-not-in-phase'),
  one('a response body in phase 2', 'SecRule RESPONSE_BODY "@rx a" "id:10,phase:2"', '1:9 variable-not-in-phase'),
  one('a response body in phase 3', 'SecRule RESPONSE_BODY "@rx a" "id:10,phase:3"', '1:9 variable-not-in-phase'),
  one('a status in phase 2', 'SecRule RESPONSE_STATUS "@rx a" "id:10,phase:2"', '1:9 variable-not-in-phase'),
  one('bodies in phase 1', 'SecRule REQUEST_BODY|ARGS_POST|FILES|XML:/* "@rx a" "id:10,phase:1"',
    '1:9 variable-not-in-phase', '1:22 variable-not-in-phase', '1:32 variable-not-in-phase', '1:38 variable-not-in-phase'),
  one('a count of what is not there yet', 'SecRule &ARGS_POST "@eq 0" "id:10,phase:1"', '1:10 variable-not-in-phase'),
  one('arguments in phase 1', 'SecRule ARGS|ARGS_NAMES "@rx a" "id:10,phase:1"', '1:9 variable-incomplete?', '1:14 variable-incomplete?'),
  one('a later rule of a chain', 'SecRule REQUEST_URI "@rx a" "id:10,phase:1,chain"\nSecRule ARGS_POST:a|ARGS_GET "@rx b"', '2:9 variable-not-in-phase'),
  one('a macro of what comes later', `SecRule ARGS "@rx a" "id:10,phase:2,logdata:'%{RESPONSE_STATUS}'"`, '1:46 macro-not-in-phase?'),
  one('a macro of what comes later in an operator', 'SecRule ARGS_GET "@streq %{ARGS_POST.a}" "id:10,phase:1"', '1:26 macro-not-in-phase?'),
  one('deny in phase 5', 'SecRule ARGS "@rx a" "id:10,phase:5,deny"', '1:37 acts-too-late?'),
  one('a body processor in phase 2', 'SecRule ARGS "@rx a" "id:10,phase:2,ctl:requestBodyProcessor=JSON"', '1:37 acts-too-late?'),
  one('access to the response in phase 4', 'SecRule ARGS "@rx a" "id:10,phase:4,ctl:responseBodyAccess=On"', '1:37 acts-too-late?'),
];

export const MACROS_AND_PATTERNS: readonly Submitted[] = [
  one('an unknown variable in logdata', `SecRule ARGS "@rx a" "id:10,phase:2,logdata:'a %{REMOTE_ADR}'"`, '1:50 unknown-macro'),
  one('an unknown variable in an operator', 'SecRule ARGS "@streq %{nosuch}" "id:10,phase:2"', '1:24 unknown-macro'),
  one('an unclosed macro in logdata', `SecRule ARGS "@rx a" "id:10,phase:2,logdata:'%{ARGS.a'"`, '1:46 bad-macro'),
  one('an unclosed macro in setvar', `SecRule ARGS "@rx a" "id:10,phase:2,setvar:'tx.a=%{TX.b'"`, '1:50 bad-macro'),
  one('an unclosed macro in an operator', 'SecRule ARGS "@streq %{tx.a" "id:10,phase:2"', '1:22 bad-macro'),
  one('a macro with a blank', `SecRule ARGS "@rx a" "id:10,phase:2,logdata:'%{tx a}'"`, '1:46 bad-macro'),
  one('a macro with nothing in it', `SecRule ARGS "@rx a" "id:10,phase:2,logdata:'x%{}'"`, '1:47 bad-macro'),
  one('a capture without capture', `SecRule ARGS "@rx (a)" "id:10,phase:2,logdata:'%{tx.1}'"`, '1:48 no-capture?'),
  one('a capture of nobody', 'SecRule TX:1 "@rx a" "id:10,phase:2"', '1:9 no-capture?'),
  one('a capture of nobody in an operator', 'SecRule ARGS "@streq %{TX.1}" "id:10,phase:2"', '1:22 no-capture?'),
  one('a broken pattern', 'SecRule ARGS "@rx a(b" "id:10,phase:2"', '1:20 invalid-regex'),
  one('a pattern that repeats nothing', 'SecRule ARGS "@rx a|*b" "id:10,phase:2"', '1:21 invalid-regex'),
  one('a lookahead', 'SecRule ARGS "@rx a(?=.*b.*c)" "id:10,phase:2"', '1:20 regex-not-linear?'),
  one('a lookbehind', 'SecRule ARGS "@rx .*(?<=ab)c.*d" "id:10,phase:2"', '1:21 regex-not-linear?'),
  one('a backreference', 'SecRule ARGS "@rx (a+).*\\1.*b" "id:10,phase:2"', '1:25 regex-not-linear?'),
  one('a possessive quantifier', 'SecRule ARGS "@rx (?:.*+a)*b" "id:10,phase:2"', '1:23 regex-not-linear?'),
  one('an atomic group', 'SecRule ARGS "@rx x(?>a*|b*)*ab" "id:10,phase:2"', '1:20 regex-not-linear?'),
  one('recursion', 'SecRule ARGS "@rx a(?R)?b" "id:10,phase:2"', '1:20 regex-not-linear?'),
  one('a Unicode property', 'SecRule ARGS "@rx ^\\p{L}+$" "id:10,phase:2"', '1:20 regex-not-linear?'),
  one('repeats that are too many', 'SecRule ARGS "@rx (?:a{200}b){200}" "id:10,phase:2"', '1:19 regex-not-linear?'),
  one('a selector that is not linear', 'SecRule ARGS:/(a).*\\1.*b/ "@rx a" "id:10,phase:2"', '1:14 regex-not-linear?'),
  one('a pattern out of a macro', 'SecRule ARGS "@rx ^%{tx.a}$" "id:10,phase:2"', '1:20 regex-from-macro?'),
];

export const REACH: readonly Submitted[] = [
  one('allow', 'SecRule REMOTE_ADDR "@ipMatch 192.0.2.1" "id:10,phase:1,allow"', '1:57 disables-other-rules?'),
  one('allow:phase', 'SecRule REMOTE_ADDR "@ipMatch 192.0.2.1" "id:10,phase:1,allow:phase"', '1:57 disables-other-rules?'),
  one('the engine switched off', 'SecRule ARGS "@rx a" "id:10,phase:2,ctl:ruleEngine=Off"', '1:37 disables-other-rules?'),
  one('the engine only watching', 'SecRule ARGS "@rx a" "id:10,phase:2,ctl:ruleEngine=DetectionOnly"', '1:37 disables-other-rules?'),
  one('rules removed', 'SecRule ARGS "@rx a" "id:10,phase:2,ctl:ruleRemoveById=942100"', '1:37 disables-other-rules?'),
  one('targets removed in a chained rule', 'SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecRule ARGS "@rx b" "ctl:ruleRemoveTargetByTag=x;ARGS:a"', '2:23 disables-other-rules?'),
  one('the audit log switched off', 'SecRule ARGS "@rx a" "id:10,phase:2,ctl:auditEngine=Off"', '1:37 disables-other-rules?'),
  one('bodies not read', 'SecRule ARGS_GET "@rx a" "id:10,phase:1,ctl:requestBodyAccess=Off"', '1:41 disables-other-rules?'),
  one('skip', 'SecRule ARGS "@rx a" "id:10,phase:2,skip:2"', '1:37 skip-in-signature?'),
  one('skip and allow in a chained rule', 'SecRule ARGS "@rx a" "id:10,phase:2,chain"\nSecRule ARGS "@rx b" "skip:1,allow"', '2:23 misplaced-action', '2:30 misplaced-action'),
  one('skipAfter to nowhere', 'SecRule ARGS "@rx a" "id:10,phase:2,skipAfter:END"', '1:37 unknown-marker'),
  one('any path', 'SecRule REQUEST_URI "@rx .*" "id:10,phase:1,deny"', '1:22 matches-everything?'),
  one('anything at all', 'SecRule REQUEST_HEADERS "@unconditionalMatch" "id:10,phase:1,deny"', '1:26 matches-everything?'),
  one('no target', 'SecRule !ARGS:x "@rx a" "id:10,phase:2,deny"', '1:18 never-matches'),
  one('an operator that never matches', 'SecRule ARGS "@noMatch" "id:10,phase:2,deny"', '1:15 never-matches'),
  one('an operator that never matches, negated', 'SecRule ARGS:a "!@noMatch" "id:10,phase:2,deny"'),
  one('capitals where none are left', 'SecRule ARGS "@rx ^Admin" "id:10,phase:2,deny,t:lowercase"', '1:15 never-matches'),
  one('capitals behind a step that adds none', 'SecRule ARGS "@streq ADMIN" "id:10,phase:2,deny,t:lowercase,t:trim"', '1:15 never-matches'),
  one('capitals in a chained rule', 'SecRule ARGS:a "@rx a" "id:10,phase:2,deny,chain"\nSecRule ARGS:b "@contains B" "t:lowercase"', '2:17 never-matches'),
  one('capitals that may stay', 'SecRule ARGS "@rx ^(?:Admin|root)" "id:10,phase:2,deny,t:lowercase"'),
  one('capitals in any case', 'SecRule ARGS "@rx (?i)^Admin" "id:10,phase:2,deny,t:lowercase"'),
  one('phrases in any case', 'SecRule ARGS "@pm Admin" "id:10,phase:2,deny,t:lowercase"'),
  one('capitals that come back', 'SecRule ARGS "@rx ^A" "id:10,phase:2,deny,t:lowercase,t:urlDecodeUni"'),
  one('capitals in front of the other steps', 'SecRule ARGS "@rx ^A" "id:10,phase:2,deny,multiMatch,t:none,t:lowercase"'),
  one('capitals that are not wanted', 'SecRule ARGS:a "!@rx ^A" "id:10,phase:2,deny,t:lowercase"'),
  one('two ids', 'SecRule ARGS "@rx a" "id:10,id:11,phase:2,deny"', '1:23 overridden-action?'),
  one('two answers', 'SecRule ARGS "@rx a" "id:10,phase:2,deny,status:404,pass"', '1:37 overridden-action?'),
  one('a chain of conditions that are none', 'SecRule ARGS "@contains" "id:10,phase:2,chain"\nSecRule REQUEST_URI "@beginsWith"', '1:15 matches-everything?'),
];
