import { describe, expect, it } from 'vitest';
import { createWaf } from '../../src/waf/create-waf.ts';
import { debugTrace } from '../../src/waf/debug-log.ts';

interface Exchange {
  readonly method?: string;
  readonly uri?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly level?: number;
}

/** The debug log of one exchange, without what each line begins with. */
function linesOf(rules: string, exchange: Exchange = {}): readonly string[] {
  return logOf(rules, exchange)
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\[[^\]]*\] \[.*?\] (?=\[\d\])/, ''));
}

function logOf(
  rules: string,
  { method = 'GET', uri = '/', headers = [], body, level = 9 }: Exchange,
): string {
  let log = '';
  const sink = {
    append: (text: string) => {
      log += text;
    },
  };
  const waf = createWaf({ rules, trace: debugTrace(level, sink) });
  waf.inspect({ id: 'ID', method, uri, version: 'HTTP/1.1', headers, body });
  return log;
}

const ON = 'SecRuleEngine On\nSecRequestBodyAccess On\n';

describe('the debug log', () => {
  it('tells a rule in the words of libmodsecurity', () => {
    const rules = `${ON}SecRule ARGS:a|ARGS_NAMES "@rx (ev)il" "id:1,phase:1,deny,capture,t:lowercase,t:trim,msg:'m %{TX.1}',tag:'t1',setvar:tx.hit=%{TX.1}"`;
    expect(logOf(rules, { uri: '/?a=%20EVIL' })).toBe(
      `[ID] [/?a=%20EVIL] [4] Initializing transaction
[ID] [/?a=%20EVIL] [4] Adding request argument (GET): name "a", value " EVIL"
[ID] [/?a=%20EVIL] [4] Starting phase REQUEST_HEADERS.  (SecRules 1)
[ID] [/?a=%20EVIL] [9] This phase consists of 1 rule(s).
[ID] [/?a=%20EVIL] [4] (Rule: 1) Executing operator "Rx" with param "(ev)il" against ARGS:a|ARGS_NAMES.
[ID] [/?a=%20EVIL] [9]  T (0) t:lowercase: " evil"
[ID] [/?a=%20EVIL] [9]  T (1) t:trim: "evil"
[ID] [/?a=%20EVIL] [9] Target value: "evil" (Variable: ARGS:a)
[ID] [/?a=%20EVIL] [7] Added regex subexpression TX.0: evil
[ID] [/?a=%20EVIL] [7] Added regex subexpression TX.1: ev
[ID] [/?a=%20EVIL] [9] Matched vars updated.
[ID] [/?a=%20EVIL] [4] Running [independent] (non-disruptive) action: setvar
[ID] [/?a=%20EVIL] [8] Saving variable: TX:hit with value: ev
[ID] [/?a=%20EVIL] [4] Rule returned 1.
[ID] [/?a=%20EVIL] [9] Saving msg: m ev
[ID] [/?a=%20EVIL] [4] Running (non-disruptive) action: tag
[ID] [/?a=%20EVIL] [9] Rule tag: t1
[ID] [/?a=%20EVIL] [9] Running action: log
[ID] [/?a=%20EVIL] [9] Running action: auditlog
[ID] [/?a=%20EVIL] [4] Running (disruptive)     action: deny.
[ID] [/?a=%20EVIL] [8] Running action deny
[ID] [/?a=%20EVIL] [4] Starting phase LOGGING. (SecRules 5)
[ID] [/?a=%20EVIL] [9] This phase consists of 0 rule(s).
[ID] [/?a=%20EVIL] [8] Checking if this request is suitable to be saved as an audit log.
[ID] [/?a=%20EVIL] [5] Audit log engine was not set.
[ID] [/?a=%20EVIL] [8] Request was relevant to be saved. Parts: 4430
`,
    );
  });

  it.each([
    ['SecAuditEngine On', '/', 'Saving this request as part of the audit logs.', true],
    [
      'SecAuditEngine RelevantOnly',
      '/?a=x',
      'Saving this request as part of the audit logs.',
      true,
    ],
    ['SecAuditEngine RelevantOnly', '/', undefined, false],
    ['SecAuditEngine Off', '/', 'Audit log engine was not set.', true],
  ])('says after %s what becomes of %s in the audit log', (setting, uri, what, relevant) => {
    const rule = 'SecRule ARGS "@rx x" "id:1,phase:1,pass,log,auditlog"';
    const lines = linesOf(`${ON}${setting}\n${rule}`, { uri });
    expect(
      lines.find((line) => /audit logs?\b.*(?:\.$)/i.test(line) && !/suitable/.test(line)),
    ).toBe(what === undefined ? undefined : `[5] ${what}`);
    expect(lines.some((line) => line.includes('Request was relevant'))).toBe(relevant);
  });

  it('tells only what its level asks for', () => {
    const rules = `${ON}SecRule ARGS "@rx x" "id:1,phase:1,pass,t:lowercase"`;
    const lines = linesOf(rules, { uri: '/?a=b', level: 4 });
    expect(lines.every((line) => /^\[[1-4]\] /.test(line))).toBe(true);
    expect(lines).toContain('[4] Rule returned 0.');
    expect(logOf(rules, { level: 0 })).toBe('');
  });

  it('says why rules were skipped', () => {
    const lines = linesOf(`${ON}
SecAction "id:1,phase:1,pass,nolog,ctl:ruleRemoveById=2,ctl:ruleRemoveByTag=gone"
SecAction "id:2,phase:1,pass"
SecRule ARGS "@rx a" "id:3,phase:1,pass,tag:gone"
SecAction "id:4,phase:1,pass,nolog,skip:1"
SecRule ARGS "@rx a" "id:5,phase:1,pass"
SecAction "id:6,phase:1,pass,nolog,skipAfter:END"
SecRule ARGS "@rx a" "id:7,phase:1,pass"
SecMarker END
SecAction "id:8,phase:1,allow,nolog"
SecRule ARGS "@rx a" "id:9,phase:1,pass"
SecAction "id:10,phase:1,pass"`);
    expect(lines.filter((line) => /skipped/i.test(line))).toEqual([
      '[9] Rule id: 2 was skipped due to a ruleRemoveById action...',
      "[9] Skipped rule id '3'. Skipped due to a ruleRemoveByTag action.",
      "[9] Skipped rule id '5' due to a `skip' action.",
      "[9] Skipped rule id '7' due to a SecMarker.",
      "[9] Skipped rule id '9' as request trough the utilization of an `allow' action.",
      "[9] Skipped rule id '<rules 1>:14' as request trough the utilization of an `allow' action.",
    ]);
  });

  it('tells of rules that a directive removed, where they stood', () => {
    const rule = (id: number, more = ''): string =>
      `SecRule ARGS "@rx a" "id:${id},phase:1,pass${more}"`;
    const lines = linesOf(
      [
        ON,
        ...[rule(1), rule(2), rule(3, ',tag:gone'), rule(4), rule(5, ",msg:'gone'"), rule(6)],
        'SecRuleRemoveById 1-2 6',
        'SecRuleRemoveByTag gone',
        'SecRuleRemoveByMsg gone',
      ].join('\n'),
    );
    expect(lines).toContain('[9] This phase consists of 6 rule(s).');
    expect(lines.filter((line) => /Skipped|Executing/.test(line))).toEqual([
      "[9] Skipped rule id '1'. Removed by an SecRuleRemove directive.",
      "[9] Skipped rule id '2'. Removed by an SecRuleRemove directive.",
      "[9] Skipped rule id '3'. Removed by a SecRuleRemoveByTag directive.",
      '[4] (Rule: 4) Executing operator "Rx" with param "a" against ARGS.',
      "[9] Skipped rule id '5'. Removed by a SecRuleRemoveByMsg directive.",
      "[9] Skipped rule id '6'. Removed by an SecRuleRemove directive.",
    ]);
  });

  it('shows a parameter with its macros expanded and as written', () => {
    const lines = linesOf(`${ON}
SecAction "id:1,phase:1,pass,nolog,setvar:'tx.methods=GET HEAD'"
SecRule REQUEST_METHOD "!@within %{tx.methods}" "id:2,phase:1,deny"`);
    expect(lines).toContain(
      '[4] (Rule: 2) Executing operator "Within" with param "GET HEAD" Was: "%{tx.methods}" against REQUEST_METHOD.',
    );
    expect(lines).toContain('[9] Target value: "GET" (Variable: REQUEST_METHOD)');
  });

  it('tells chains, unconditional rules and counts', () => {
    const lines = linesOf(
      `${ON}
SecAction "id:1,phase:1,pass,nolog"
SecRule &ARGS|&ARGS:a "@eq 1" "id:2,phase:1,pass,chain"
SecRule ARGS:a "@streq b" "setenv:hit=1"`,
      { uri: '/?a=b' },
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        '[4] (Rule: 1) Executing unconditional rule...',
        '[4] (Rule: 2) Executing operator "Eq" with param "1" against &ARGS|&ARGS:a.',
        '[9] Target value: "1" (Variable: ARGS)',
        '[9] Target value: "1" (Variable: ARGS:a)',
        '[4] Executing chained rule.',
        '[4] (Rule: 2) Executing operator "StrEq" with param "b" against ARGS:a.',
        '[8] Setting environment variable: hit to 1',
      ]),
    );
  });

  it('tells what ctl changes', () => {
    const lines = linesOf(
      `${ON}SecAction "id:1,phase:1,pass,nolog,ctl:ruleEngine=DetectionOnly,ctl:requestBodyAccess=Off"
SecAction "id:2,phase:1,deny"`,
      { method: 'POST', body: 'a=1' },
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        '[8] Setting SecRuleEngine to DetectionOnly as requested by a ctl:ruleEngine action',
        '[4] Not running disruptive action: deny. SecRuleEngine is not On.',
        '[4] Request body processing is enabled, but disabled to this transaction due to ctl:requestBodyAccess action',
      ]),
    );
  });

  it('says that the engine is off', () => {
    expect(linesOf('SecRuleEngine Off\nSecAction "id:1,phase:1,deny"')).toEqual([
      '[4] Rule engine disabled, returning...',
    ]);
  });

  it('tells what was found in a body and what was wrong with it', () => {
    const headers = [['Content-Type', 'multipart/form-data; boundary="B"']] as const;
    const body = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B\r\n';
    const lines = linesOf(ON, { method: 'POST', headers, body });
    expect(lines).toEqual(
      expect.arrayContaining([
        '[4] Multipart: Warning: boundary was quoted.',
        '[4] Adding request argument (BODY): name "a", value "1"',
        '[4] Multipart parsing error: Multipart: Final boundary missing.',
      ]),
    );
  });

  it('is one printable line for each event, whatever the request holds', () => {
    const log = logOf(`${ON}SecRule ARGS "@contains x" "id:1,phase:1,pass,msg:'%{MATCHED_VAR}'"`, {
      uri: `/\n?a=x%0a[ID]%20[/]%20[1]%20forged&b=${'y'.repeat(9000)}`,
    });
    const lines = log.trimEnd().split('\n');
    expect(lines.every((line) => /^\[ID\] [\x20-\x7e]+$/.test(line))).toBe(true);
    expect(lines.filter((line) => line.startsWith('[ID] [/] [1]'))).toEqual([]);
    expect(lines.every((line) => line.length < 20_000)).toBe(true);
  });

  it('cuts values at 80 bytes', () => {
    const lines = linesOf(`${ON}SecRule ARGS:a "@contains x" "id:1,phase:1,pass"`, {
      uri: `/?a=${'y'.repeat(100)}`,
    });
    expect(lines).toContain(
      `[9] Target value: "${'y'.repeat(80)} (20 characters omitted)" (Variable: ARGS:a)`,
    );
  });
});
