// Groups the rules of a phase by the values they look at, and the values by the targets they come from.

import { ANY_VARIABLE, type TargetExclusion } from '../model/control.ts';
import type { RuleLink, Target } from '../ruleset/ruleset.ts';
import type { ProgramLink, TargetGroup, ValueSource } from './program.ts';
import { isPassing } from './stability.ts';

export interface GroupBuilder {
  /** The group of a starter whose targets are stable. */
  readonly groupOf: (link: ProgramLink) => TargetGroup;
}

function targetKey({ variable, selector }: Target): string {
  if (selector === undefined) return variable.name;
  const text = selector.kind === 'xpath' ? selector.key : selector.written;
  return `${variable.name}:${selector.kind}:${text.length}:${text}`;
}

function exclusionKey(
  { variable, key, matches, pattern }: TargetExclusion,
  ids: Map<object, number>,
): string {
  if (matches === undefined) return `!${variable}:${key?.length}:${key}`;
  if (pattern !== undefined) return `!${variable}/${pattern.length}:${pattern}`;
  // Two functions are the same only when they are one.
  let id = ids.get(matches);
  if (id === undefined) {
    id = ids.size;
    ids.set(matches, id);
  }
  return `!${variable}#${id}`;
}

const NO_EXCLUSIONS: Pick<RuleLink, 'exclusions'> = Object.freeze({ exclusions: [] });

function withoutExclusions({ variable, count, written, selector }: Target): Target {
  return { variable, count, written, selector };
}

export function createGroupBuilder(): GroupBuilder {
  const groups = new Map<string, TargetGroup>();
  const sources = new Map<string, ValueSource>();
  const functionIds = new Map<object, number>();

  function sourceOf(target: Target, link: Pick<RuleLink, 'exclusions'>): ValueSource {
    const exclusions = link.exclusions.filter(
      ({ variable }) => variable === target.variable.name || variable === ANY_VARIABLE,
    );
    const keys = (list: readonly TargetExclusion[] = []): string =>
      list
        .map((exclusion) => exclusionKey(exclusion, functionIds))
        .sort()
        .join('|');
    // How the rule spells the target can be in the names of its matches.
    const name = `${target.written} ${targetKey(target)}`;
    const key = `${name} ${keys(target.exclusions)} ${keys(exclusions)}`;
    let source = sources.get(key);
    if (source === undefined) {
      const excludes = exclusions.length > 0 || target.exclusions !== undefined;
      const whole =
        excludes && target.variable.kind === 'collection'
          ? sourceOf(withoutExclusions(target), NO_EXCLUSIONS)
          : undefined;
      const { phase: finalFrom } = target.variable;
      const link = { targets: [target], exclusions };
      source = { id: sources.size, finalFrom, isPassing: isPassing(target), link, whole };
      sources.set(key, source);
    }
    return source;
  }

  return {
    groupOf: ({ source: link, pipeline, stages: all }) => {
      const stages = all ?? [pipeline];
      const own = link.targets.map((target) => sourceOf(target, link));
      const key = [...own.map(({ id }) => id), '>', ...stages.map(({ id }) => id)].join(' ');
      let group = groups.get(key);
      if (group === undefined) {
        group = { sources: own, passing: own.filter((source) => source.isPassing), stages };
        groups.set(key, group);
      }
      return group;
    },
  };
}
