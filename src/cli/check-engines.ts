// Which engine runs each pattern of the rules, and why: what `check --engines` prints.

import type { Ruleset } from '../ruleset/ruleset.ts';

export interface EngineRow {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly pattern: string;
  readonly engine: string;
  readonly reason: string;
  /** Something that each match contains is looked for first, for all rules at once. */
  readonly isFiltered: boolean;
}

/** Patterns of operators, those of chained rules included, in load order. */
export function engineRows({ rules }: Ruleset): readonly EngineRow[] {
  return rules.flatMap(({ facts: { id, file, line }, links }) =>
    links.flatMap(({ operator }) => {
      const pattern = operator?.compiled.pattern;
      if (operator === undefined || pattern === undefined) return [];
      const { definition, negated, argument, compiled } = operator;
      const found = negated ? undefined : compiled.requires?.();
      return [
        {
          id,
          file,
          line,
          operator: `${negated ? '!' : ''}@${definition.name}`,
          pattern: argument,
          engine: pattern.engine,
          reason: pattern.reason,
          isFiltered: found !== undefined && found.literals.length > 0,
        },
      ];
    }),
  );
}

const SHOWN = 60;

/** One line for each pattern, and how many each engine runs. */
export function engineText(rows: readonly EngineRow[]): string {
  const lines = rows.map(({ id, file, line, operator, pattern, engine, reason }) => {
    const shown = pattern.length > SHOWN ? `${pattern.slice(0, SHOWN)}...` : pattern;
    return `${file}:${line}: rule ${id}: ${engine} (${reason}): ${operator} ${shown}\n`;
  });
  const counts = new Map<string, number>();
  for (const { engine } of rows) counts.set(engine, (counts.get(engine) ?? 0) + 1);
  const sums = [...counts].sort().map(([engine, count]) => `${count} by ${engine}`);
  return `${lines.join('')}${rows.length} patterns${sums.length > 0 ? `: ${sums.join(', ')}` : ''}\n`;
}
