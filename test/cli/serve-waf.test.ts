import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPolicyFromOptions } from '../../src/cli/policy-loading.ts';
import type { ServeOptions } from '../../src/cli/serve-options.ts';
import { loadSetup } from '../../src/cli/serve-waf.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-setup-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const RULES = join(FOLDER, 'rules.conf');
writeFileSync(RULES, 'SecRuleEngine On\n');

function talkOf(document: string, more: Partial<ServeOptions> = {}): string {
  const policy = join(FOLDER, 'policy.yaml');
  writeFileSync(policy, document);
  let talk = '';
  const output = {
    data: () => {},
    talk: (text: string) => {
      talk += text;
    },
    colour: false,
  };
  const options = { rules: [RULES], policy: [policy], cache: false, allowProgram: [], ...more };
  loadSetup(options as unknown as ServeOptions, new Uint8Array(32), loadPolicyFromOptions, output);
  return talk;
}

describe('what serve says when it loads', () => {
  const proxied = 'clientAddress: {trustedProxies: [10.0.0.0/8]}\n';

  it('tells that the policy and the proxy take different addresses for the client', () => {
    expect(talkOf(proxied)).toContain('--trust-forwarded');
    expect(talkOf(proxied, { trustForwarded: '10.0.0.0/8' })).toBe('');
    expect(talkOf('lists: {}\n')).toBe('');
  });

  it('tells of rules for environments when none is named', () => {
    const rule = 'sources: [{name: r, action: block, addresses: 203.0.113.7, environment: prod}]\n';
    expect(talkOf(rule)).toContain('policy-unknown-environment');
    expect(talkOf(rule, { environment: 'prod' })).toBe('');
  });
});
