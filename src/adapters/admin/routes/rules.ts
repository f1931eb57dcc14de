// The rules of the policy: listed, shown, made, changed and deleted in the documents on disk.

import { z } from 'zod';
import { RULE_SECTIONS, type RuleSection } from '../../../policy/check/names.ts';
import type { Assignment, PolicyChange } from '../../../policy/edit/change.ts';
import { parsePath, ruleValue } from '../../../policy/edit/change.ts';
import { findRule } from '../../../policy/edit/rule-names.ts';
import { type WrittenRule, writtenRules } from '../../../policy/edit/rules.ts';
import { versionOf } from '../../../waf/policy-book.ts';
import { changed, done, listedRule, refused } from '../answers.ts';
import { type AdminCall, defineRoute, etag, ok, type Route } from '../route.ts';
import {
  bookOf,
  CHANGE_REFUSALS,
  type ChangeQuery,
  changeBy,
  changeQuery,
  changeReply,
} from './changes.ts';

const NOT_FOUND = refused(404, 'There is no such rule.');
const PATH = '/rules/{section}/{name}';

const wanted = ({ path }: Pick<AdminCall<unknown, unknown>, 'path'>): string =>
  `${path['section']}/${path['name']}`;

function shown({ section, name, enabled, file, line, value }: WrittenRule): object {
  return { section, name, enabled, file, line, rule: value };
}

const rule = z.record(z.string(), z.unknown()).describe('The rule, as in a document.');

const list = defineRoute<{ readonly section?: RuleSection }>({
  id: 'listRules',
  method: 'GET',
  path: '/rules',
  summary: 'The rules of the policy.',
  query: z.strictObject({ section: z.enum(RULE_SECTIONS).optional() }),
  answers: [done('All rules, in the order of the documents.', z.array(listedRule))],
  run: async (context, { query }) => {
    const texts = bookOf(context).texts();
    const rules = writtenRules(texts).filter(
      ({ section }) => query.section === undefined || section === query.section,
    );
    return ok(rules.map(shown), etag(versionOf(texts)));
  },
});

const show = defineRoute({
  id: 'showRule',
  method: 'GET',
  path: PATH,
  summary: 'One rule, as it is written.',
  answers: [done('The rule.', listedRule), NOT_FOUND],
  run: async (context, call) => {
    const texts = bookOf(context).texts();
    const found = findRule(writtenRules(texts), wanted(call));
    return ok(shown(found), etag(versionOf(texts)));
  },
});

const create = defineRoute<
  ChangeQuery,
  { readonly rule: object; readonly file?: string | undefined }
>({
  id: 'createRule',
  method: 'POST',
  path: '/rules/{section}',
  summary: 'Adds a rule to its section.',
  query: changeQuery,
  body: z.strictObject({
    rule,
    file: z.string().optional().describe('A file of the policy; default: the one that fits.'),
  }),
  ifMatch: 'optional',
  answers: [
    { status: 201, description: 'The rule is there.', schema: changed },
    ...CHANGE_REFUSALS,
  ],
  run: async (context, { path, query, body, version }) => {
    const { section = '' } = path;
    const change = {
      kind: 'create',
      section,
      value: ruleValue(body.rule),
      file: body.file,
    } as const;
    const result = bookOf(context).change(change, changeBy(query, version));
    return changeReply(context, result, query, query.dryRun === 'true' ? 200 : 201);
  },
});

const replace = defineRoute<ChangeQuery, { readonly rule: object }>({
  id: 'replaceRule',
  method: 'PUT',
  path: PATH,
  summary: 'Gives a rule all its fields anew. Fields that say the same stay as they are written.',
  query: changeQuery,
  body: z.strictObject({ rule }),
  ifMatch: 'required',
  answers: [done('The rule has changed.', changed), NOT_FOUND, ...CHANGE_REFUSALS],
  run: async (context, call) => {
    const { query, body, version } = call;
    const value = ruleValue(body.rule);
    const change = { kind: 'replace', rule: wanted(call), value } as const;
    return changeReply(context, bookOf(context).change(change, changeBy(query, version)), query);
  },
});

interface EditBody {
  readonly set: readonly { readonly path: string; readonly value: unknown }[];
  readonly unset: readonly string[];
}

const edit = defineRoute<ChangeQuery, EditBody>({
  id: 'editRule',
  method: 'PATCH',
  path: PATH,
  summary: 'Sets fields of a rule, or takes them away.',
  query: changeQuery,
  body: z.strictObject({
    set: z
      .array(
        z.strictObject({
          path: z.string().max(200).describe('Such as conditions.0.moreThan.'),
          value: z.unknown(),
        }),
      )
      .max(100)
      .default([]),
    unset: z.array(z.string().max(200)).max(100).default([]),
  }),
  ifMatch: 'required',
  answers: [done('The rule has changed.', changed), NOT_FOUND, ...CHANGE_REFUSALS],
  run: async (context, call) => {
    const { query, body, version } = call;
    const set: readonly Assignment[] = [
      ...body.set.map(({ path, value }) => ({ path: parsePath(path), value: value ?? null })),
      ...body.unset.map((path) => ({ path: parsePath(path), value: undefined })),
    ];
    const change = { kind: 'edit', rule: wanted(call), set } as const;
    return changeReply(context, bookOf(context).change(change, changeBy(query, version)), query);
  },
});

const remove = defineRoute<ChangeQuery>({
  id: 'deleteRule',
  method: 'DELETE',
  path: PATH,
  summary: 'Takes a rule out of the document. Revisions keep it.',
  query: changeQuery,
  ifMatch: 'required',
  answers: [done('The rule is gone.', changed), NOT_FOUND, ...CHANGE_REFUSALS],
  run: async (context, call) => {
    const { query, version } = call;
    const change = { kind: 'delete', rule: wanted(call) } as const;
    return changeReply(context, bookOf(context).change(change, changeBy(query, version)), query);
  },
});

function switchRoute(kind: 'enable' | 'disable', summary: string): Route {
  return defineRoute<ChangeQuery>({
    id: `${kind}Rule`,
    method: 'POST',
    path: `${PATH}/${kind}`,
    summary,
    query: changeQuery,
    ifMatch: 'optional',
    answers: [done('It is so now.', changed), NOT_FOUND, ...CHANGE_REFUSALS],
    run: async (context, call) => {
      const { query, version } = call;
      const change: PolicyChange = { kind, rule: wanted(call) };
      return changeReply(context, bookOf(context).change(change, changeBy(query, version)), query);
    },
  });
}

const clone = defineRoute<ChangeQuery, { readonly name: string }>({
  id: 'cloneRule',
  method: 'POST',
  path: `${PATH}/clone`,
  summary: 'Copies a rule under another name.',
  query: changeQuery,
  body: z.strictObject({ name: z.string().min(1).max(128) }),
  ifMatch: 'optional',
  answers: [
    { status: 201, description: 'The copy is there.', schema: changed },
    NOT_FOUND,
    ...CHANGE_REFUSALS,
  ],
  run: async (context, call) => {
    const { query, body, version } = call;
    const change = { kind: 'clone', rule: wanted(call), name: body.name } as const;
    const result = bookOf(context).change(change, changeBy(query, version));
    return changeReply(context, result, query, query.dryRun === 'true' ? 200 : 201);
  },
});

export const RULE_ROUTES: readonly Route[] = Object.freeze([
  list,
  show,
  create,
  replace,
  edit,
  remove,
  switchRoute('enable', 'Switches a rule on.'),
  switchRoute('disable', 'Switches a rule off; it stays in the document.'),
  clone,
]);
