import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeEntry } from '../../src/audit/native.ts';
import { aMatch, aRecord, settings } from './support/record.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const FIXED = { boundary: () => '0a1b2c3d', utcOffset: 60 };

/** Sections as a reader finds them that goes by the look of boundary lines alone. */
function sections(entry: string): readonly string[] {
  return [...entry.matchAll(/^-{2,3}[0-9A-Za-z]{8,10}-{1,3}([A-Z])--\r?$/gm)].map(
    (match) => match[1] as string,
  );
}

describe('nativeEntry in the layout of v2', () => {
  it('writes each part between boundary lines', () => {
    expect(nativeEntry(aRecord(), 'v2', FIXED)).toBe(`--0a1b2c3d-A--
[12/Mar/2024:11:00:00 +0100] YaBcDeFgHiJkLmNoPqRsTuVw 192.0.2.1 40000 198.51.100.1 443
--0a1b2c3d-B--
POST /cart?x=1 HTTP/1.1
Host: shop.test
Accept: */*

--0a1b2c3d-C--
a=evil&b=2
--0a1b2c3d-F--
HTTP/1.1 403 Forbidden
Content-Type: text/html

--0a1b2c3d-E--
no\r
way
--0a1b2c3d-H--
Message: Access denied with code 403 (phase 2). Pattern match "evil" at ARGS:a. [file "/etc/crs/a.conf"] [line "46"] [id "942100"] [msg "an attack"] [data "found x"] [severity "CRITICAL"] [tag "attack"] [tag "paranoia-level/1"]
Action: Intercepted (phase 2)
Stopwatch: 1710237600000000 5000 (- - -)
Stopwatch2: 1710237600000000 5000; combined=1750, p1=250, p2=1500, p3=0, p4=0, p5=0, sr=0, sw=0, l=0, gc=0
Response-Body-Transformed: Dechunked
Producer: Portcullis; OWASP_CRS/4.0.0.
Engine-Mode: "ENABLED"

--0a1b2c3d-Z--

`);
  });

  it('writes nothing but its frame when no part is asked for', () => {
    const entry = nativeEntry(aRecord({ auditLogParts: '' }), 'v2', FIXED);
    expect(sections(entry)).toEqual(['A', 'Z']);
    expect(entry).not.toContain('evil');
  });

  it('names what was masked, the application and the sensor', () => {
    const record = aRecord({
      engine: 'DetectionOnly',
      interruption: null,
      userId: 'ann',
      settings: settings({ sensorId: 's1', webAppId: 'shop', serverSignature: 'Apache' }),
      masks: {
        args: ['password', 'pin'],
        requestHeaders: ['authorization'],
        responseHeaders: ['set-cookie'],
        matched: [],
      },
    });
    const entry = nativeEntry(record, 'v2', FIXED);
    expect(entry).toContain(`Producer: Portcullis.
Server: Apache
Sanitised-Args: "password", "pin".
Sanitised-Request-Headers: "authorization".
Sanitised-Response-Headers: "set-cookie".
WebApp-Info: "shop" "-" "ann"
Sensor-Id: "s1"
Engine-Mode: "DETECTION_ONLY"
`);
    expect(entry).not.toContain('Action:');
  });

  it('shows a multipart body as a form, its files and the rules that matched', () => {
    const record = aRecord({
      auditLogParts: 'AIJKZ',
      matches: [aMatch({ logged: false, audited: false })],
      request: {
        isMultipart: true,
        body: 'raw',
        bodyArgs: [{ key: 'a b', value: 'é&=\n' }],
        uploads: [
          { index: 1, size: 7, filename: 'a"b.txt', contentType: 'text/plain' },
          { index: 2, size: 5, filename: 'c', contentType: undefined },
        ],
      },
    });
    expect(nativeEntry(record, 'v2', FIXED)).toBe(`--0a1b2c3d-A--
[12/Mar/2024:11:00:00 +0100] YaBcDeFgHiJkLmNoPqRsTuVw 192.0.2.1 40000 198.51.100.1 443
--0a1b2c3d-I--
a+b=%e9%26%3d%0a
--0a1b2c3d-J--
1,7,"a\\"b.txt","text/plain"
2,5,"c","<Unknown ContentType>"
Total,12

--0a1b2c3d-K--
SecRule ARGS "@rx evil" "id:942100,phase:2,deny"


--0a1b2c3d-Z--

`);
  });

  it('shows other bodies raw when only the fake one is asked for', () => {
    const entry = nativeEntry(aRecord({ auditLogParts: 'AIZ' }), 'v2', FIXED);
    expect(sections(entry)).toEqual(['A', 'C', 'Z']);
  });

  it('keeps silent of matches that are not logged', () => {
    const record = aRecord({ matches: [aMatch({ logged: false, audited: false })] });
    expect(nativeEntry(record, 'v2', FIXED)).not.toContain('Message:');
  });

  it('tells what the engine could not do', () => {
    const record = aRecord({
      matches: [],
      errors: [{ code: 'match-limit', ruleId: 7, phase: 2, message: 'too "long"' }],
    });
    expect(nativeEntry(record, 'v2', FIXED)).toContain(
      'Message: Rule processing failed (match-limit): too \\"long\\" [id "7"]\n',
    );
  });
});

describe('nativeEntry in the layout of v3', () => {
  it('ends each part with an empty line and writes the rule lines of libmodsecurity', () => {
    const record = aRecord({ auditLogParts: 'ABCDEFGHIJKZ' });
    expect(
      nativeEntry(record, 'v3', { boundary: () => 'Ab0Cd1Ef', utcOffset: 0 }),
    ).toBe(`---Ab0Cd1Ef---A--
[12/Mar/2024:10:00:00 +0000] YaBcDeFgHiJkLmNoPqRsTuVw 192.0.2.1 40000 198.51.100.1 443
---Ab0Cd1Ef---B--
POST /cart?x=1 HTTP/1.1
Host: shop.test
Accept: */*

---Ab0Cd1Ef---C--
a=evil&b=2

---Ab0Cd1Ef---D--

---Ab0Cd1Ef---E--
no\\x0d\\x0away

---Ab0Cd1Ef---F--
HTTP/1.1 403
Content-Type: text/html

---Ab0Cd1Ef---G--

---Ab0Cd1Ef---H--
ModSecurity: Access denied with code 403 (phase 2). Matched "Operator \`Rx' with parameter \`evil' against variable \`ARGS:a' (Value: \`evil' ) [file "/etc/crs/a.conf"] [line "46"] [id "942100"] [rev ""] [msg "an attack"] [data "found x"] [severity "2"] [ver ""] [maturity "0"] [accuracy "0"] [tag "attack"] [tag "paranoia-level/1"] [hostname "shop.test"] [uri "/cart?x=1"] [unique_id "YaBcDeFgHiJkLmNoPqRsTuVw"] [ref "o0,4v19,4"]

---Ab0Cd1Ef---I--

---Ab0Cd1Ef---J--

---Ab0Cd1Ef---K--
SecRule ARGS "@rx evil" "id:942100,phase:2,deny"


---Ab0Cd1Ef---Z--

`);
  });

  it('leaves out rules that are not for the audit log', () => {
    const record = aRecord({ matches: [aMatch({ audited: false })] });
    expect(nativeEntry(record, 'v3', FIXED)).not.toContain('942100');
  });
});

describe('nativeEntry on hostile data', () => {
  const forged = '\n--0a1b2c3d-H--\nMessage: forged\n--0a1b2c3d-Z--\n';

  it.each(['v2', 'v3'] as const)('shows no section that a body brings along (%s)', (form) => {
    const record = aRecord({
      request: { body: forged.slice(1), line: `GET ${forged} HTTP/1.1` },
      response: { body: forged },
    });
    const entry = nativeEntry(record, form);
    expect(sections(entry)).toEqual(sections(nativeEntry(aRecord(), form)));
  });

  it('draws another boundary when the first occurs in the data', () => {
    const draws = ['11111111', '22222222'];
    const record = aRecord({ request: { body: 'x11111111x' } });
    const entry = nativeEntry(record, 'v2', { boundary: () => draws.shift() ?? '33333333' });
    expect(entry).toContain('--22222222-A--');
    expect(entry.match(/22222222/g)).toHaveLength(sections(entry).length);
  });

  it('has the sections that were asked for and no others, whatever the bytes', () => {
    const bytes = fc.string({ unit: fc.constantFrom(...'\r\n -0aZH"\\[]:\0\xff'), maxLength: 60 });
    const text = fc.oneof(
      bytes,
      bytes.map((around) => around + forged + around),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('v2' as const, 'v3' as const),
        fc.record({ a: text, b: text, c: text, d: text }),
        (form, { a, b, c, d }) => {
          const record = aRecord({
            id: a,
            auditLogParts: 'ABCDEFGHIJKZ',
            request: { line: b, body: c, headers: [[d, a]] },
            response: { body: a, headers: [[b, d]] },
            matches: [
              aMatch({ message: a, data: b, tags: [c], variable: d, value: a, evidence: b }),
            ],
          });
          const plain = aRecord({ auditLogParts: 'ABCDEFGHIJKZ' });
          const skips = (found: readonly string[]): string =>
            found.filter((part) => part !== 'C' && part !== 'E').join('');
          expect(skips(sections(nativeEntry(record, form)))).toBe(
            skips(sections(nativeEntry(plain, form))),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });
});
