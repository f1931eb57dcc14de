// Groups the rules of a phase by the values they look at.

import type { TargetExclusion } from '../model/control.ts';
import type { RuleLink, Target } from '../ruleset/ruleset.ts';
import type { PipelineNode, ProgramLink, TargetGroup } from './program.ts';

export interface GroupBuilder {
  /** The group of a starter whose targets are stable. */
  readonly groupOf: (link: ProgramLink, isFiltered: boolean) => TargetGroup;
  readonly count: () => number;
}

function targetKey({ variable, selector }: Target): string {
  if (selector === undefined) return variable.name;
  const text = selector.kind === 'xpath' ? selector.key : selector.written;
  return `${variable.name}:${selector.kind}:${text.length}:${text}`;
}

function exclusionKey(
  { variable, key, matches }: TargetExclusion,
  ids: Map<object, number>,
): string {
  if (matches === undefined) return `!${variable}:${key?.length}:${key}`;
  // Two patterns are the same only when they are the same function.
  let id = ids.get(matches);
  if (id === undefined) {
    id = ids.size;
    ids.set(matches, id);
  }
  return `!${variable}#${id}`;
}

function linkKey(
  { targets, exclusions }: RuleLink,
  stages: readonly PipelineNode[],
  ids: Map<object, number>,
): string {
  return [
    ...targets.map(targetKey),
    ...exclusions.map((exclusion) => exclusionKey(exclusion, ids)),
    ...stages.map(({ id }) => `>${id}`),
  ].join('|');
}

export function createGroupBuilder(): GroupBuilder {
  const groups = new Map<string, { -readonly [Key in keyof TargetGroup]: TargetGroup[Key] }>();
  const patternIds = new Map<object, number>();
  return {
    groupOf: ({ source, pipeline, stages: all }, isFiltered) => {
      const stages = all ?? [pipeline];
      const key = linkKey(source, stages, patternIds);
      let group = groups.get(key);
      if (group === undefined) {
        group = { id: groups.size, link: source, stages, hasFilters: false };
        groups.set(key, group);
      }
      if (isFiltered) group.hasFilters = true;
      return group;
    },
    count: () => groups.size,
  };
}
