// Records of transactions for tests of logs.

import { NO_MASKS } from '../../../src/model/masks.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/model/settings.ts';
import type {
  RequestRecord,
  ResponseRecord,
  TransactionRecord,
} from '../../../src/model/transaction-record.ts';
import type { RuleMatch } from '../../../src/model/verdict.ts';

export function aMatch(
  fields: Partial<RuleMatch> = {},
  rule: Partial<RuleMatch['rule']> = {},
): RuleMatch {
  return {
    rule: {
      id: 942100,
      phase: 2,
      file: '/etc/crs/a.conf',
      line: 46,
      rev: '',
      ver: '',
      severity: 2,
      maturity: 0,
      accuracy: 0,
      ...rule,
    },
    phase: 2,
    message: 'an attack',
    data: 'found x',
    tags: ['attack', 'paranoia-level/1'],
    variable: 'ARGS:a',
    value: 'evil',
    evidence: 'Pattern match "evil" at ARGS:a.',
    test: { operator: 'rx', argument: 'evil', negated: false },
    logged: true,
    audited: true,
    disruptive: 'deny',
    ...fields,
  };
}

export interface RecordFields extends Partial<Omit<TransactionRecord, 'request' | 'response'>> {
  readonly request?: Partial<RequestRecord>;
  readonly response?: Partial<ResponseRecord>;
}

export function aRecord(fields: RecordFields = {}): TransactionRecord {
  return {
    id: 'YaBcDeFgHiJkLmNoPqRsTuVw',
    startedMs: Date.UTC(2024, 2, 12, 10, 0, 0),
    finishedMs: Date.UTC(2024, 2, 12, 10, 0, 0) + 5,
    client: { address: '192.0.2.1', port: 40000 },
    server: { address: '198.51.100.1', port: 443 },
    hostname: 'shop.test',
    interruption: { rule: 942100, phase: 2, action: 'deny', status: 403 },
    matches: [aMatch()],
    errors: [],
    engine: 'On',
    auditEngine: 'On',
    auditLogParts: 'ABCEFHZ',
    settings: settings({ componentSignatures: ['OWASP_CRS/4.0.0'] }),
    sessionId: '',
    userId: '',
    masks: NO_MASKS,
    phaseMs: new Map([
      [1, 0.25],
      [2, 1.5],
    ]),
    reference: () => 'o0,4v19,4',
    ruleText: () => [
      {
        text: 'SecRule ARGS "@rx evil" "id:942100,phase:2,deny"',
        operator: 'rx',
        argument: 'evil',
        negated: false,
        targets: 'ARGS',
      },
    ],
    ...fields,
    request: {
      line: 'POST /cart?x=1 HTTP/1.1',
      method: 'POST',
      uri: '/cart?x=1',
      protocol: 'HTTP/1.1',
      headers: [
        ['Host', 'shop.test'],
        ['Accept', '*/*'],
      ],
      body: 'a=evil&b=2',
      isMultipart: false,
      args: [
        { key: 'x', value: '1' },
        { key: 'a', value: 'evil' },
        { key: 'b', value: '2' },
      ],
      bodyArgs: [
        { key: 'a', value: 'evil' },
        { key: 'b', value: '2' },
      ],
      uploads: [],
      ...fields.request,
    },
    response: {
      status: 403,
      protocol: 'HTTP/1.1',
      headers: [['Content-Type', 'text/html']],
      body: 'no\r\nway',
      ...fields.response,
    },
  };
}

export function settings(fields: Partial<Settings>): Settings {
  return { ...DEFAULT_SETTINGS, ...fields };
}
