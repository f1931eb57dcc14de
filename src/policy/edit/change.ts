// The life of a rule: switched on and off, copied, edited, made and deleted, on the texts of the document.
//
// A change is a pure function of texts. Whether the document is still valid is for the caller to find out:
// only all files together can tell.

import type { RuleSection } from '../check/names.ts';
import type { PolicyText } from '../document/positions.ts';
import { applyEdit, type FileEdit } from './apply.ts';
import { EditError } from './edit-error.ts';
import type { EditPath } from './layout.ts';
import { findRule, isRuleSection, ruleTitle } from './rule-names.ts';
import { isMapping, type WrittenRule, writtenRules } from './rules.ts';
import { decodeText, encodeText } from './text.ts';
import { sameValue } from './values.ts';

export interface Assignment {
  readonly path: EditPath;
  /** Undefined: takes the field away. */
  readonly value: unknown;
}

/** `rule` is `SECTION/NAME`, or a name that is unique. */
export type PolicyChange =
  | { readonly kind: 'enable' | 'disable' | 'delete'; readonly rule: string }
  | { readonly kind: 'clone'; readonly rule: string; readonly name: string }
  | { readonly kind: 'edit'; readonly rule: string; readonly set: readonly Assignment[] }
  /** All fields of the rule; those that are not given go. */
  | { readonly kind: 'replace'; readonly rule: string; readonly value: object }
  | {
      readonly kind: 'create';
      readonly section: string;
      readonly value: object;
      /** Default: the first file that has the section, else the first. */
      readonly file?: string | undefined;
    };

export interface ChangedPolicy {
  readonly texts: readonly PolicyText[];
  /** The file that has changed; undefined when everything is as it was. */
  readonly file: string | undefined;
  /** What was done, for the revision: `disable signatures/no debug`. */
  readonly summary: string;
  /** `SECTION/NAME` of the rule as it is called now. */
  readonly rule: string;
}

/** Throws `EditError`. */
export function changePolicy(texts: readonly PolicyText[], change: PolicyChange): ChangedPolicy {
  return change.kind === 'create' ? created(texts, change) : changedRule(texts, change);
}

function changedRule(
  texts: readonly PolicyText[],
  change: Exclude<PolicyChange, { readonly kind: 'create' }>,
): ChangedPolicy {
  const rules = writtenRules(texts);
  const rule = findRule(rules, change.rule);
  const title = ruleTitle(rule);
  const at = (edits: readonly FileEdit[], summary: string, name: string): ChangedPolicy =>
    edited(texts, rule.file, edits, { summary, rule: ruleTitle({ ...rule, name }) });
  const base = [rule.section, rule.index];
  switch (change.kind) {
    case 'enable':
      // Set and not taken away, so that a comment beside it stays.
      return at(
        rule.enabled ? [] : [{ kind: 'set', path: [...base, 'enabled'], value: true }],
        `enable ${title}`,
        rule.name,
      );
    case 'disable':
      return at(
        rule.enabled ? [{ kind: 'set', path: [...base, 'enabled'], value: false }] : [],
        `disable ${title}`,
        rule.name,
      );
    case 'delete':
      return at(
        [{ kind: 'remove', section: rule.section, index: rule.index }],
        `delete ${title}`,
        rule.name,
      );
    case 'clone':
      refuseTaken(rules, rule.section, change.name);
      return at(
        [
          { kind: 'copy', section: rule.section, index: rule.index },
          { kind: 'set', path: [rule.section, rule.index + 1, 'name'], value: change.name },
        ],
        `clone ${title} as ${ruleTitle({ ...rule, name: change.name })}`,
        change.name,
      );
    case 'edit':
      return at(assignments(rule, change.set), `edit ${title}`, nameAfter(rule, change.set));
    case 'replace': {
      const set = replacement(rule, change.value);
      return at(assignments(rule, set), `edit ${title}`, nameAfter(rule, set));
    }
  }
}

function edited(
  texts: readonly PolicyText[],
  file: string,
  edits: readonly FileEdit[],
  told: Pick<ChangedPolicy, 'summary' | 'rule'>,
): ChangedPolicy {
  const source = texts.find(({ name }) => name === file);
  const decoded = source && decodeText(source.text);
  if (decoded === undefined) {
    throw new EditError('unreadable-document', `${file} is not UTF-8 text`);
  }
  let text: string = decoded;
  for (const edit of edits) {
    const next = applyEdit(text, edit);
    if (next === undefined) {
      const path = 'path' in edit ? edit.path.slice(2).join('.') : edit.section;
      throw new EditError('bad-path', `"${path}" cannot be changed in ${file}`, {
        help: 'a path names fields of the rule, such as conditions.0.moreThan; aliases are changed by hand',
      });
    }
    text = next;
  }
  if (text === decoded) return { ...told, texts, file: undefined };
  const changed: PolicyText = { name: file, text: encodeText(text) };
  return { ...told, texts: texts.map((one) => (one.name === file ? changed : one)), file };
}

function assignments(rule: WrittenRule, set: readonly Assignment[]): readonly FileEdit[] {
  return set.map(({ path, value }): FileEdit => {
    if (path.length === 0) throw new EditError('bad-path', 'the path is empty');
    const whole = [rule.section, rule.index, ...path];
    return value === undefined
      ? { kind: 'unset', path: whole }
      : { kind: 'set', path: whole, value };
  });
}

/** Fields that say the same are left alone, with their comments. */
function replacement(rule: WrittenRule, value: object): readonly Assignment[] {
  const fields = Object.entries(value).filter(([, given]) => given !== undefined);
  const names = new Set(fields.map(([key]) => key));
  const gone = Object.keys(rule.value).filter((key) => !names.has(key));
  return [
    ...fields
      .filter(([key, given]) => !sameValue(rule.value[key], given))
      .map(([key, given]) => ({ path: [key], value: given })),
    ...gone.map((key) => ({ path: [key], value: undefined })),
  ];
}

function nameAfter(rule: WrittenRule, set: readonly Assignment[]): string {
  const renamed = set.findLast(({ path }) => path.length === 1 && path[0] === 'name')?.value;
  return typeof renamed === 'string' ? renamed : rule.name;
}

function refuseTaken(rules: readonly WrittenRule[], section: RuleSection, name: string): void {
  if (!rules.some((rule) => rule.section === section && rule.name === name)) return;
  const title = ruleTitle({ section, name });
  throw new EditError('name-taken', `there is a rule "${title}" already`, {
    help: 'give the new rule another name',
  });
}

function created(
  texts: readonly PolicyText[],
  { section, value, file }: Extract<PolicyChange, { readonly kind: 'create' }>,
): ChangedPolicy {
  if (!isRuleSection(section)) {
    throw new EditError('unknown-section', `"${section}" is no section of rules`);
  }
  const { name } = value as { readonly name?: unknown };
  if (typeof name !== 'string') {
    throw new EditError('bad-value', 'the new rule has no name', { help: 'give it a "name"' });
  }
  const rules = writtenRules(texts);
  refuseTaken(rules, section, name);
  const into = file ?? rules.findLast((rule) => rule.section === section)?.file ?? texts[0]?.name;
  if (into === undefined || !texts.some((text) => text.name === into)) {
    throw new EditError('bad-value', `"${into}" is no file of the document`);
  }
  const title = ruleTitle({ section, name });
  const edits: readonly FileEdit[] = [{ kind: 'append', section, value }];
  return edited(texts, into, edits, { summary: `create ${title}`, rule: title });
}

/** `conditions.0.moreThan=5`: the value is read as YAML, so that numbers are numbers. Throws `EditError`. */
export function parsePath(text: string): EditPath {
  const steps = text.replace(/\[(\d+)\]/g, '.$1').split('.');
  if (steps.some((step) => step === '')) {
    throw new EditError('bad-path', `"${text}" is not a path such as conditions.0.moreThan`);
  }
  return steps.map((step) => (/^\d{1,6}$/.test(step) ? Number(step) : step));
}

/** A rule in hand must be a mapping. Throws `EditError`. */
export function ruleValue(value: unknown): object {
  if (isMapping(value)) return value;
  throw new EditError('bad-value', 'a rule is a mapping of fields');
}
