import { describe, expect, it } from 'vitest';
import { refusal, run } from './harness.ts';

const CL = 'cl \\d{1,2}\\.?\\d{3}\\.?\\d{3}-?[\\dkK]';
const US = 'us \\d{3}-?\\d{2}-?\\d{4}';

describe('@validateNid', () => {
  it.each([
    [CL, '12345678-5', true],
    [CL, '12.345.678-5', true],
    [CL, '11111111-1', true],
    [CL, '16858220-k', true],
    [CL, '16.858.220-K', true],
    [CL, '9999999-3', true],
    [CL, '12345678-4', false],
    [CL, '16858220-1', false],
    [CL, 'no number', false],
    ['cl \\S+', '1-9', false],
    ['cl \\S+', 'k2345678-5', false],
    [US, '219-09-9998', true],
    [US, '078051121', true],
    [US, '666-45-6789', false],
    [US, '000-45-6789', false],
    [US, '219-00-9998', false],
    [US, '219-09-0000', false],
    [US, '123456789', false],
  ])('@validateNid %s decides that %s is %s', (argument, value, expected) => {
    expect(run('validateNid', argument, value).matched).toBe(expected);
  });

  it('captures the number, however many wrong ones come before it', () => {
    const wrong = '000-00-0000 '.repeat(20);
    expect(run('validateNid', US, `${wrong}219-09-9998`).captures).toEqual(['219-09-9998']);
  });

  it.each([
    ['de \\d+', 'bad-country'],
    ['cl', 'bad-operator-argument'],
    ['', 'bad-country'],
  ])('does not load with %j', (argument, code) => {
    expect(refusal('validateNid', argument)).toBe(code);
  });

  it('refuses a broken pattern', () => {
    expect(refusal('validateNid', 'cl (\\d+')).toBeDefined();
  });
});
