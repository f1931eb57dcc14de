import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateOutput } from '../../src/ftw/evaluate-output.ts';
import { compileGoRegex } from '../../src/ftw/go-regex.ts';
import { parseResponse } from '../../src/ftw/http-client.ts';
import { createInProcessTarget } from '../../src/ftw/in-process.ts';
import { ruleIdsOf } from '../../src/ftw/log-ids.ts';
import { readOverrides } from '../../src/ftw/overrides.ts';
import { createBackend } from '../../src/ftw/reflect.ts';
import { readTestFile, readTestText } from '../../src/ftw/schema.ts';
import { DEFAULT_INPUT, DEFAULT_OUTPUT } from '../../src/ftw/test-file.ts';
import { fakeTransaction } from './fake-transaction.ts';

const RUNS = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) };
const byteString = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((n) => String.fromCharCode(n)),
});

/** YAML that is often near to a test file. */
const nearYaml = fc
  .array(
    fc.constantFrom(
      'rule_id: 1\n',
      'tests:\n',
      '  - test_id: 1\n',
      '    stages:\n',
      '      - input:\n',
      '          headers:\n',
      '            A: b\n',
      '          uri: *x\n',
      '          <<: *x\n',
      '        output: &x\n',
      '          status: [1, a]\n',
      '          log: {expect_ids: 3}\n',
      '- \n',
      '? [a]\n',
      '  : b\n',
      '!!binary x',
      '"\\ud800"',
      '&x [*x]',
      '\t',
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

describe('hostile input', () => {
  it('never makes the readers throw', () => {
    fc.assert(
      fc.property(fc.oneof(nearYaml, fc.string()), (text) => {
        expect(readTestText('t.yaml', text).path).toBe('t.yaml');
        expect(readOverrides('o.yaml', text).problems).toBeDefined();
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        readTestFile('t.yaml', bytes);
      }),
      RUNS,
    );
  });

  it('never makes the in-process target or its backend throw', async () => {
    const target = createInProcessTarget({ begin: () => fakeTransaction() });
    const request = fc
      .tuple(fc.constantFrom('', 'POST /reflect HTTP/1.1\r\nHost: a\r\n'), byteString)
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(request, async (bytes) => {
        const seen = await target.send({ label: 'x', request: bytes, input: DEFAULT_INPUT });
        evaluateOutput({ ...DEFAULT_OUTPUT, expectIds: [1] }, seen);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.oneof(fc.json(), byteString), (body) => {
        const { status } = createBackend().answer({ method: 'POST', uri: '/reflect', body });
        expect(status).toBeGreaterThanOrEqual(100);
      }),
      RUNS,
    );
  });

  it('never makes responses, patterns and log lines throw', () => {
    fc.assert(
      fc.property(byteString, (text) => {
        parseResponse(text);
        parseResponse(`HTTP/1.1 200 OK\r\n${text}\r\n\r\n`);
        compileGoRegex(text);
        ruleIdsOf(text);
      }),
      RUNS,
    );
  });
});
