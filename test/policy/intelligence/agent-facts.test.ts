import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../../src/diagnostics/render.ts';
import { type Files, intelligenceOf } from '../../support/policy-request.ts';

const packaged = intelligenceOf({ bots: { package: true }, scanners: { package: true } });

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

const PEOPLE = [
  CHROME,
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  'Mozilla/5.0 (Linux; Android 14; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 15; Pixel 8 Build/AP3A.240617.008; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36',
  'MyApp/5.2 CFNetwork/1494.0.7 Darwin/23.4.0',
  'okhttp/4.12.0',
];

const BOTS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
  'AdsBot-Google (+http://www.google.com/adsbot.html)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'Seekbot/1.0',
];

const SCANNERS = [
  'sqlmap/1.8#stable (https://sqlmap.org)',
  'Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)',
  'Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)',
  `${CHROME} NESSUS::SOAP`,
];

describe('bots', () => {
  const { isBot } = packaged.intelligence.agents;

  it.each(BOTS)('are known: %s', (agent) => {
    expect(isBot(agent)).toEqual({ known: true, value: true, from: 'crawler-user-agents' });
  });

  it.each(PEOPLE)('are not people and their apps: %s', (agent) => {
    expect(isBot(agent)).toMatchObject({ value: false });
  });
});

describe('scanners', () => {
  const { isScanner } = packaged.intelligence.agents;

  it.each(SCANNERS)('are known: %s', (agent) => {
    expect(isScanner(agent)).toMatchObject({ value: true });
  });

  it.each([...PEOPLE, ...BOTS, "Mozilla/5.0 (compatible; Let's Encrypt validation server)"])(
    'are no people, crawlers or certificate authorities: %s',
    (agent) => {
      expect(isScanner(agent)).toMatchObject({ value: false });
    },
  );
});

describe('user agents', () => {
  const load = (files: Files, section: object = { bots: { package: false, files: ['own.txt'] } }) =>
    intelligenceOf(section, files);

  it('are unknown where there is none, or no list', () => {
    expect(packaged.intelligence.agents.isBot(undefined)).toMatchObject({ why: 'no-input' });
    const none = load({}, {});
    expect(none.intelligence.agents.isBot('x')).toMatchObject({ why: 'not-configured' });
  });

  it('are looked up in files, words in any case and patterns', () => {
    const { intelligence, diagnostics } = load({
      'own.txt': '# ours\nOurCrawler/\n/^x-[0-9]+$/\n',
    });
    expect(diagnostics).toEqual([]);
    const { isBot } = intelligence.agents;
    expect(isBot('Mozilla (ourCRAWLER/1.0)')).toMatchObject({ value: true, from: 'own.txt' });
    expect(isBot('X-42')).toMatchObject({ value: true });
    expect(isBot('x-42y')).toMatchObject({ value: false });
  });

  it('name the place of a pattern with a mistake', () => {
    const { intelligence, diagnostics } = load({ 'own.txt': 'good\n/a(b/\n' });
    expect(renderDiagnostics(diagnostics)).toContain('own.txt:2:');
    expect(intelligence.agents.isBot('good')).toMatchObject({ why: 'source-off' });
  });

  it('never throw, whatever their bytes', () => {
    const { isBot, isScanner } = packaged.intelligence.agents;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 })), (codes) => {
        const agent = String.fromCharCode(...codes);
        expect(isBot(agent).known && isScanner(agent).known).toBe(true);
      }),
    );
  });
});
