import { describe, expect, it } from 'vitest';
import { RequestFacts } from '../../src/engine/request-facts.ts';
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts';

describe('RequestFacts', () => {
  it('calls a request without a version HTTP/0.9', () => {
    const facts = new RequestFacts();
    facts.readHead({ method: 'GET', uri: '/', version: '', headers: [] }, DEFAULT_SETTINGS);
    expect(facts.protocol).toBe('HTTP/0.9');
  });
});
