// Criteria on what is in the message and where it goes.

import { asciiLower } from '../../base/ascii.ts';
import { utf8ByteString } from '../../base/bytes.ts';
import { compilePattern } from '../../regex/matcher.ts';
import type {
  ConditionOperator,
  MessagePart,
  PayloadCondition,
  Target,
} from '../document/criteria.ts';
import { MESSAGE_PARTS } from '../facts/parts.ts';
import { compileCondition, conditionText, type Lists } from './condition.ts';
import type { Criterion } from './criterion.ts';

export function compilePayload(condition: PayloadCondition, lists: Lists): Criterion {
  const { part, name, operator } = condition;
  const { stage, read, caselessNames, caseless, needs, counts = false } = MESSAGE_PARTS[part];
  const test = compileCondition(caseless ? { ...condition, ignoreCase: true } : condition, lists);
  const bytes = name === undefined ? undefined : utf8ByteString(name);
  const wanted = bytes !== undefined && caselessNames === true ? asciiLower(bytes) : bytes;
  const what = `${part}${name === undefined ? '' : ` "${name}"`}`;
  const shows = SHOWN.has(part);
  const text = (holds: boolean): string => conditionText(what, condition, holds, shows);
  const isCertain = (holds: boolean): boolean =>
    counts ? holds && operator === 'greater' : holds !== NEGATED.has(operator);
  return {
    stage,
    judge: (facts) => {
      const holds = test(read(facts.view, wanted));
      const gap = needs === undefined || isCertain(holds) ? undefined : facts.unseen(needs);
      if (gap === undefined) return { holds, reason: () => text(holds) };
      return { holds: false, unseen: gap, reason: () => `${text(true)}: ${gap}` };
    },
  };
}

/** Parts whose values are mostly no secrets: what a rule says of them may be told in traces and events. */
const SHOWN: ReadonlySet<MessagePart> = new Set([
  'request.path',
  'request.host',
  'request.method',
  'request.headerName',
  'request.queryParameterName',
  'request.bodyParameterName',
  'request.cookieName',
  'request.bodySize',
  'request.parameterCount',
  'request.headerCount',
  'request.cookieCount',
  'response.status',
  'response.headerName',
  'response.cookieName',
  'response.bodySize',
  'response.headerCount',
]);

const NEGATED: ReadonlySet<ConditionOperator> = new Set([
  'notEquals',
  'notContains',
  'notMatches',
  'notIn',
  'notExists',
]);

export function compileTarget(target: Target): readonly Criterion[] {
  const { services = [], endpoints = [], labels = [], urls = [] } = target;
  const criteria: Criterion[] = [];
  if (services.length + endpoints.length + labels.length > 0) {
    criteria.push({
      stage: 'head',
      judge: ({ place }) => {
        const holds =
          services.some((name) => place.services.includes(name)) ||
          (place.endpoint !== undefined && endpoints.includes(place.endpoint)) ||
          labels.some((label) => place.labels.includes(label));
        const reason = (): string => `endpoint ${place.endpointKey}${holds ? '' : ' is no target'}`;
        return { holds, reason };
      },
    });
  }
  if (urls.length > 0) {
    const patterns = urls.map((url) => compilePattern(utf8ByteString(url)));
    const { read } = MESSAGE_PARTS['request.url'];
    criteria.push({
      stage: 'head',
      judge: ({ view }) => {
        const forms = read(view, undefined);
        const holds = forms.some((url) => patterns.some((pattern) => pattern.test(url)));
        return { holds, reason: () => (holds ? 'the URL' : 'the URL is no target') };
      },
    });
  }
  return criteria;
}
