// The starter rules against tables: attacks are blocked under the tag of their kind, ordinary traffic
// passes at paranoia level 1 without adding to a score.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ExchangeOutcome } from '../../src/model/transaction.ts';
import { createWaf, type Waf } from '../../src/waf/create-waf.ts';
import { crsLoadOrder, resolveCrsDirectory } from '../../src/waf/crs-directory.ts';
import type { RuleSource } from '../../src/waf/load.ts';
import { benign } from './benign.data.ts';
import { higherLevels } from './higher-levels.data.ts';
import { injectionAttacks } from './injection-attacks.data.ts';
import { leaks, protocolAttacks } from './protocol-attacks.data.ts';

function sources(paranoia: number): readonly RuleSource[] {
  const layout = resolveCrsDirectory('starter');
  if (layout.kind === 'problem') throw new Error(layout.diagnostic.message);
  return crsLoadOrder(layout, { paranoia }).map((name) => ({
    name,
    text: readFileSync(name, 'latin1'),
  }));
}

const starter = (paranoia: number): Waf<'sync'> => createWaf({ rules: sources(paranoia) });

const waf = starter(1);

/** What was found, as a failing test shows it. */
function found({ verdict }: ExchangeOutcome): readonly string[] {
  return verdict.matches
    .filter(({ logged }) => logged)
    .map(({ rule, message, data }) => `${rule.id} ${message}: ${data}`);
}

const tagsOf = ({ verdict }: ExchangeOutcome): ReadonlySet<string> =>
  new Set(verdict.matches.flatMap(({ tags }) => tags));

describe('the tables', () => {
  const names = [...injectionAttacks, ...protocolAttacks, ...leaks, ...benign].map(
    ({ name }) => name,
  );

  it('give every row a name of its own', () => {
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('the starter rules at level 1', () => {
  it.each([...injectionAttacks, ...protocolAttacks])('blocks $name', ({ tag, record }) => {
    const outcome = waf.inspect(record);
    expect([...tagsOf(outcome)]).toContain(tag);
    expect(outcome.decision.effect).toBe('block');
  });

  it.each(leaks)('holds back $name', ({ tag, record }) => {
    const outcome = waf.inspect(record);
    expect([...tagsOf(outcome)]).toContain(tag);
    expect(outcome.decision.effect).toBe('block');
    expect(outcome.verdict.scores.inbound).toBe(0);
  });

  it.each(benign)('passes $name', ({ record }) => {
    const outcome = waf.inspect(record);
    expect(found(outcome)).toEqual([]);
    expect(outcome.decision.effect).toBe('allow');
    expect(outcome.verdict.scores).toEqual({ inbound: 0, outbound: 0 });
  });
});

describe('the rules above level 1', () => {
  const level = (id: number): number => Math.floor((id % 1000) / 100);
  const strict = starter(3);
  const idsOf = ({ verdict }: ExchangeOutcome): readonly number[] =>
    verdict.matches.map(({ rule }) => rule.id);

  it.each(higherLevels)('find the request of $id', ({ id, record }) => {
    expect(idsOf(strict.inspect(record))).toContain(id);
    expect(idsOf(waf.inspect(record))).not.toContain(id);
  });

  it('have a row each', () => {
    const ids = strict.ruleset.rules
      .filter(({ facts, msg }) => facts.ver.startsWith('portcullis-starter') && msg !== undefined)
      .map(({ facts }) => facts.id)
      .filter((id) => level(id) === 2 || level(id) === 3);
    const rows = new Set(higherLevels.map(({ id }) => id));
    expect(ids.filter((id) => !rows.has(id))).toEqual([]);
  });
});

describe('the rules of level 1', () => {
  it('each find something in the tables', () => {
    const found = new Set(
      [...injectionAttacks, ...protocolAttacks, ...leaks].flatMap(({ record }) =>
        waf.inspect(record).verdict.matches.map(({ rule }) => rule.id),
      ),
    );
    // Limits are tested where they are set.
    const elsewhere = [4_012_120, 4_012_121, 4_012_122, 4_012_123, 4_012_124, 4_012_125];
    const silent = waf.ruleset.rules
      .filter(
        ({ facts, tags }) =>
          tags.some(({ source }) => source === 'paranoia-level/1') && !elsewhere.includes(facts.id),
      )
      .map(({ facts }) => facts.id)
      .filter((id) => !found.has(id));
    expect(silent).toEqual([]);
  });
});
