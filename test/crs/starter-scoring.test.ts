// How the starter rules decide: levels, thresholds, early decisions, settings; and what every rule owes.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import { AutomatonMatcher } from '../../src/regex/automaton-matcher.ts';
import { compilePattern } from '../../src/regex/matcher.ts';
import { createWaf, type Waf } from '../../src/waf/create-waf.ts';
import { type CrsLayout, crsLoadOrder, resolveCrsDirectory } from '../../src/waf/crs-directory.ts';
import { checkRuleset } from '../../src/waf/load.ts';
import { answer, field, form, get, query, request } from './requests.ts';

interface NamedRules {
  readonly name: string;
  readonly text: string;
}

function layout(): CrsLayout {
  const found = resolveCrsDirectory('starter');
  if (found.kind === 'problem') throw new Error(found.diagnostic.message);
  return found;
}

const files: readonly NamedRules[] = crsLoadOrder(layout()).map((name) => ({
  name,
  text: readFileSync(name, 'latin1'),
}));
const setupAt = files.findIndex(({ name }) => basename(name) === '00-setup.conf');

/** The starter rules, and what an administrator sets in front of them. */
function withSettings(...settings: readonly string[]): Waf<'sync'> {
  const set = settings.map((setting) => `setvar:'tx.${setting}'`).join(',');
  const own = set === '' ? '' : `SecAction "id:1,phase:1,pass,nolog,${set}"`;
  return createWaf({ rules: [...files.slice(0, setupAt), own, ...files.slice(setupAt)] });
}

const standard = withSettings();
const early = withSettings('early_blocking=1');
const lenient = withSettings(
  'inbound_anomaly_score_threshold=1000',
  'outbound_anomaly_score_threshold=5',
);
const ATTACK = query("1' or '1'='1");
/** Found at level 2 and not before. */
const SUBTLE = field('see ../images/a.png');

function effectOf(waf: Waf<'sync'>, record: ExchangeRecord): string {
  return waf.inspect(record).decision.effect;
}

describe('scoring', () => {
  it('sums up to the threshold and refuses with 403', () => {
    const { decision, verdict } = standard.inspect(ATTACK);
    expect(verdict.scores.inbound).toBeGreaterThanOrEqual(5);
    expect(decision).toMatchObject({ effect: 'block', status: 403 });
    expect(decision.interruption).toMatchObject({ rule: 4_079_110, phase: 2 });
  });

  it('lets pass what stays below a raised threshold', () => {
    const { decision, verdict } = lenient.inspect(ATTACK);
    expect(decision.effect).toBe('allow');
    expect(verdict.scores.inbound).toBeGreaterThanOrEqual(5);
  });

  it('does not block for one oddity', () => {
    const outcome = standard.inspect(get('/?discount=100%'));
    expect(outcome.verdict.scores.inbound).toBe(3);
    expect(outcome.decision.effect).toBe('allow');
  });

  it('blocks for two oddities', () => {
    expect(effectOf(standard, get('/?discount=100%#top'))).toBe('block');
  });

  it('decides early when asked', () => {
    const scanner = request(
      'POST',
      '/',
      { 'User-Agent': 'sqlmap/1.8', 'Content-Type': 'text/plain' },
      'x',
    );
    expect(standard.inspect(scanner).decision.interruption).toMatchObject({ phase: 2 });
    const decided = early.inspect(scanner).decision.interruption;
    expect(decided).toMatchObject({ rule: 4_079_100, phase: 1 });
  });

  it('counts both phases once when it could have decided early', () => {
    const record = get(`/?discount=100%&q=${encodeURIComponent("1' or '1'='1")}`);
    expect(early.inspect(record).verdict.scores).toEqual(standard.inspect(record).verdict.scores);
  });

  it('holds a response back at its own threshold', () => {
    const leak = answer('<title>phpinfo()</title>');
    const { decision, verdict } = standard.inspect(leak);
    expect(verdict.scores).toEqual({ inbound: 0, outbound: 4 });
    expect(decision.interruption).toMatchObject({ rule: 4_089_110, phase: 4 });
    expect(effectOf(lenient, leak)).toBe('allow');
  });
});

describe('paranoia levels', () => {
  it('run and count the rules up to the level', () => {
    expect(effectOf(standard, SUBTLE)).toBe('allow');
    const second = withSettings('blocking_paranoia_level=2', 'detection_paranoia_level=2');
    expect(effectOf(second, SUBTLE)).toBe('block');
  });

  it('show without counting when detection is above blocking', () => {
    const outcome = withSettings('detection_paranoia_level=2').inspect(SUBTLE);
    const ids = outcome.verdict.matches.map(({ rule }) => rule.id);
    expect(ids).toContain(4_030_201);
    expect(outcome.decision.effect).toBe('allow');
    expect(outcome.verdict.scores.inbound).toBe(0);
  });
});

describe('settings', () => {
  it('default to the blocking level for detection', () => {
    const level = `SecAction "id:1,phase:1,pass,nolog,setvar:tx.blocking_paranoia_level=2"`;
    const bare = createWaf({ rules: [level, ...files.filter((_, at) => at !== setupAt)] });
    expect(effectOf(bare, get('/'))).toBe('allow');
    expect(effectOf(bare, ATTACK)).toBe('block');
    expect(effectOf(bare, SUBTLE)).toBe('block');
    expect(effectOf(bare, request('TRACE', '/'))).toBe('block');
  });

  it('are explained with the defaults that are in force', () => {
    const values = (file: string): ReadonlyMap<string, string> => {
      const text = files.find(({ name }) => basename(name) === file)?.text ?? '';
      return new Map(
        [...text.matchAll(/setvar:'tx\.(\w+)=([^']*)'/g)].map(([, key, value]) => [
          key as string,
          value as string,
        ]),
      );
    };
    const explained = values('00-setup.conf');
    const defaults = values('01-initialize.conf');
    const different = [...explained].filter(([key, value]) => {
      const given = defaults.get(key);
      return given !== undefined && given !== value && key !== 'detection_paranoia_level';
    });
    expect(explained.size).toBeGreaterThan(15);
    expect(different).toEqual([]);
  });

  it('replace the list of methods', () => {
    const own = withSettings('allowed_methods=|GET|PROPFIND|');
    expect(effectOf(own, request('DELETE', '/'))).toBe('block');
    expect(effectOf(own, get('/'))).toBe('allow');
    expect(effectOf(own, request('PROPFIND', '/'))).toBe('allow');
  });

  it('limit sizes when they are given', () => {
    const limited = withSettings(
      'max_num_args=2',
      'arg_name_length=3',
      'arg_length=4',
      'total_arg_length=8',
    );
    const found = (fields: Readonly<Record<string, string>>): readonly number[] =>
      limited
        .inspect(form(fields))
        .verdict.matches.filter(({ logged }) => logged)
        .map(({ rule }) => rule.id)
        .filter((id) => id < 4_079_000);
    expect(found({ a: '1', b: '2' })).toEqual([]);
    expect(found({ a: '1', b: '2', c: '3' })).toEqual([4_012_120]);
    expect(found({ abcd: '1' })).toEqual([4_012_121]);
    expect(found({ a: '12345' })).toEqual([4_012_122]);
    expect(found({ aa: '1234', bb: '1' })).toEqual([4_012_123]);
    expect(effectOf(limited, form({ abcd: '1' }))).toBe('block');
    expect(effectOf(standard, form({ abcd: '1' }))).toBe('allow');
  });
});

describe('every starter rule', () => {
  const { ruleset, diagnostics } = checkRuleset(files);
  const own = ruleset.rules.filter(({ facts }) => facts.file.includes('starter'));
  const scoring = own.filter(({ facts }) => facts.severity !== undefined && facts.id % 1000 >= 100);

  it('loads without a finding', () => {
    expect(diagnostics).toEqual([]);
  });

  it('has an id of the reserved range that starts with the number of its file', () => {
    const strays = own.filter(({ facts: { id, file } }) => {
      return Math.floor(id / 1000) !== 4000 + Number(basename(file).slice(0, 2));
    });
    expect(strays.map(({ facts }) => facts.id)).toEqual([]);
  });

  it('says what it found, since when and how bad, if it scores', () => {
    expect(scoring.length).toBeGreaterThan(100);
    const bare = scoring.filter(
      ({ facts, msg, logdata, tags }) =>
        msg === undefined ||
        facts.ver !== 'portcullis-starter/0.1' ||
        (logdata === undefined && !tags.some(({ source }) => source === 'anomaly-evaluation')),
    );
    expect(bare.map(({ facts }) => facts.id)).toEqual([]);
  });

  it('names its attack and its level, if it scores', () => {
    const unnamed = scoring.filter(({ facts, tags }) => {
      const names = tags.map(({ source }) => source);
      if (names.includes('anomaly-evaluation')) return false;
      const level = Math.floor((facts.id % 1000) / 100);
      return (
        !names.some((name) => name.startsWith('attack-')) ||
        !names.includes(`paranoia-level/${level}`)
      );
    });
    expect(unnamed.map(({ facts }) => facts.id)).toEqual([]);
  });

  it('has patterns that run in linear time', () => {
    const patterns = own.flatMap(({ facts, links }) =>
      links.flatMap(({ operator }) =>
        operator?.definition.name === 'rx' ? [{ id: facts.id, pattern: operator.argument }] : [],
      ),
    );
    expect(patterns.length).toBeGreaterThan(100);
    const slow = patterns.filter(
      ({ pattern }) => !(compilePattern(pattern) instanceof AutomatonMatcher),
    );
    expect(slow.map(({ id }) => id)).toEqual([]);
  });
});
