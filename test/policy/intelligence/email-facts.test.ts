import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../../src/diagnostics/render.ts';
import { type Email, parseEmail } from '../../../src/policy/attribution/email.ts';
import { type Files, intelligenceOf } from '../../support/policy-request.ts';

const email = (text: string): Email => parseEmail(text) as Email;

function load(section: object, files: Files = {}) {
  const { intelligence, diagnostics } = intelligenceOf(section, files);
  return { ...intelligence.emails, diagnostics };
}

describe('disposable domains', () => {
  it('are those of the package', () => {
    const { isDisposable } = load({ disposableDomains: { package: true } });
    expect(isDisposable(email('a@mailinator.com'))).toEqual({
      known: true,
      value: true,
      from: 'disposable-email-domains-js',
    });
    expect(isDisposable(email('a@Sub.Mailinator.COM'))).toMatchObject({ value: true });
    expect(isDisposable(email('a@example.com'))).toMatchObject({ value: false });
    expect(isDisposable(email('a@zz-mailinator.com'))).toMatchObject({ value: false });
  });

  it('are those of files too', () => {
    const section = { disposableDomains: { package: true, files: ['own.txt'] } };
    const { isDisposable, diagnostics } = load(section, {
      'own.txt': '# ours\r\nTrash.Example\r\n@bin.example\r\n',
    });
    expect(diagnostics).toEqual([]);
    expect(isDisposable(email('a@trash.example'))).toMatchObject({ value: true, from: 'own.txt' });
    expect(isDisposable(email('a@bin.example'))).toMatchObject({ value: true });
    expect(isDisposable(email('a@example.com'))).toMatchObject({ value: false });
  });

  it('are unknown while one list is off, unless another knows', () => {
    const section = { disposableDomains: { package: true, files: ['gone.txt'] } };
    const { isDisposable, diagnostics } = load(section);
    expect(diagnostics).toMatchObject([{ code: 'missing-intelligence-file' }]);
    expect(isDisposable(email('a@mailinator.com'))).toMatchObject({ value: true });
    expect(isDisposable(email('a@example.com'))).toMatchObject({ why: 'source-off' });
  });

  it('are unknown without any list', () => {
    expect(load({}).isDisposable(email('a@mailinator.com'))).toMatchObject({
      why: 'not-configured',
    });
  });

  it('name the line that is no domain', () => {
    const { diagnostics } = load(
      { disposableDomains: { package: false, files: ['own.txt'] } },
      { 'own.txt': 'good.example\nhttp://bad.example/\n' },
    );
    expect(renderDiagnostics(diagnostics)).toContain('own.txt:2:1: ');
  });
});

describe('leaked email addresses', () => {
  const digest = (algorithm: string, text: string): string =>
    createHash(algorithm).update(text).digest('hex');

  it.each([
    ['plain', 'Alice@Example.com\n'],
    ['SHA-256', `${digest('sha256', 'alice@example.com')}\n`],
    ['SHA-1', `${digest('sha1', 'alice@example.com').toUpperCase()}\n`],
    ['SHA-1 with a count', `${digest('sha1', 'alice@example.com')}:12\n`],
    ['MD5', `${digest('md5', 'alice@example.com')}\n`],
  ])('are found as %s, however the user spells them', (_name, text) => {
    const { isLeaked, diagnostics } = load(
      { leakedEmails: { files: ['leaks.txt'] } },
      { 'leaks.txt': text },
    );
    expect(diagnostics).toEqual([]);
    expect(isLeaked(email('ALICE@example.COM'))).toMatchObject({ value: true });
    expect(isLeaked(email('bob@example.com'))).toMatchObject({ value: false });
  });

  it('are off when a line is neither', () => {
    const { isLeaked, diagnostics } = load(
      { leakedEmails: { files: ['leaks.txt'] } },
      { 'leaks.txt': 'alice@example.com\ndeadbeef\n' },
    );
    expect(renderDiagnostics(diagnostics)).toContain('leaks.txt:2:1: ');
    expect(isLeaked(email('alice@example.com'))).toMatchObject({ why: 'source-off' });
  });
});

describe('fraud scores', () => {
  const section = { emailFraudScores: { file: 'scores.csv' } };

  it('are those of the address, else of its domain', () => {
    const { fraudScore, diagnostics } = load(section, {
      'scores.csv': 'email,score\nbad@example.com,97.5\n@example.com,40\nexample.org,0\n',
    });
    expect(diagnostics).toEqual([]);
    expect(fraudScore(email('Bad@example.com'))).toMatchObject({ value: 97.5 });
    expect(fraudScore(email('other@example.com'))).toMatchObject({ value: 40 });
    expect(fraudScore(email('a@example.org'))).toMatchObject({ value: 0 });
    expect(fraudScore(email('a@example.net'))).toMatchObject({ why: 'not-in-data' });
  });

  it.each(['a@example.com,101', 'a@example.com,-1', 'a@example.com,x', 'a@example.com', 'x y,5'])(
    'are off when a line is %j',
    (line) => {
      const { fraudScore, diagnostics } = load(section, { 'scores.csv': `${line}\n` });
      expect(diagnostics).toMatchObject([{ code: 'bad-intelligence-data' }]);
      expect(fraudScore(email('a@example.com'))).toMatchObject({ why: 'source-off' });
    },
  );

  it('are unknown without a file', () => {
    expect(load({}).fraudScore(email('a@example.com'))).toMatchObject({ why: 'not-configured' });
  });
});
