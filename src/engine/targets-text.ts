// The targets of a rule as text, for logs: `ARGS|!ARGS:a|&REQUEST_HEADERS:Host`.

import type { RuleLink, Target } from '../ruleset/ruleset.ts';

export function targetsText({ targets }: Pick<RuleLink, 'targets'>): string {
  return targets.map(targetText).join('|');
}

function targetText({ variable, selector, count }: Target): string {
  const name = count ? `&${variable.name}` : variable.name;
  if (selector === undefined) return name;
  switch (selector.kind) {
    case 'literal':
      return `${name}:${selector.written}`;
    case 'regex':
      return `${name}:/${selector.written}/`;
    case 'xpath':
      return selector.expression === '' ? name : `${name}:${selector.expression}`;
  }
}
