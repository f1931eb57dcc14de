// Rules that contradict, repeat or hide each other: nothing that would keep a document from running, and
// nearly always not what was meant.

import { type IpPrefix, parsePrefix } from '../../base/ip.ts';
import { ROWS } from '../../model/decision.ts';
import type { RuleCommon } from '../document/common.ts';
import type { SourceRule } from '../document/source-rule.ts';
import { type PolicyRule, placeText, RULE_SECTIONS } from './names.ts';
import type { Reporter } from './reporter.ts';

export function checkOverlaps(reporter: Reporter, nowMs: number): void {
  checkExpired(reporter, nowMs);
  checkRepeated(reporter);
  checkAddresses(reporter);
  checkHandLists(reporter);
}

function checkExpired(reporter: Reporter, nowMs: number): void {
  for (const section of RULE_SECTIONS) {
    for (const rule of reporter.document[section]) {
      if (rule.expires === undefined || rule.expires > nowMs) continue;
      const date = new Date(rule.expires).toISOString().slice(0, 10);
      reporter.warn(rule, ['expires'], {
        code: 'policy-expired',
        message: `"${rule.name}" has expired on ${date} and does nothing`,
        help: 'remove the rule, or give it a later date',
      });
    }
  }
}

/** Two rules that differ in their names only. */
function checkRepeated(reporter: Reporter): void {
  for (const section of RULE_SECTIONS) {
    const seen = new Map<string, PolicyRule>();
    for (const rule of reporter.document[section]) {
      const { name: _name, description: _description, ...rest } = rule;
      const text = JSON.stringify(rest);
      const first = seen.get(text);
      if (first === undefined) {
        seen.set(text, rule);
        continue;
      }
      reporter.warn(rule, [], {
        code: 'policy-repeated',
        message: `"${rule.name}" says the same as "${first.name}"${placeText(first, reporter)}`,
        help: 'remove one of them',
      });
    }
  }
}

interface Ranges {
  readonly rule: SourceRule;
  readonly prefixes: readonly IpPrefix[];
}

/** Rows further up hide rules further down where one range holds the other. */
function checkAddresses(reporter: Reporter): void {
  const byAddress = reporter.document.sources.filter(
    ({ addresses, enabled, action }) => addresses !== undefined && enabled && action !== 'monitor',
  );
  const ranges: readonly Ranges[] = byAddress.map((rule) => ({
    rule,
    prefixes: (rule.addresses ?? []).flatMap((text) => parsePrefix(text) ?? []),
  }));
  const allows = ranges.filter(({ rule }) => rule.action === 'allow');
  const allowedByHand = (reporter.document.allow?.addresses ?? []).flatMap(
    (text) => parsePrefix(text) ?? [],
  );
  const { table = ROWS } = reporter.document;
  const isByHand =
    allowedByHand.length > 0 && table.indexOf('ip-allow') < table.indexOf('ip-block');
  for (const { rule, prefixes } of ranges) {
    if (rule.action !== 'block') continue;
    for (const [index, prefix] of prefixes.entries()) {
      const text = (rule.addresses ?? [])[index];
      const holder = allows.find(
        (allow) => shares(allow.rule, rule) && covers(allow.prefixes, prefix),
      );
      if (holder !== undefined) {
        reporter.warn(rule, ['addresses', index], {
          code: 'policy-unreachable',
          message: `${text} is never blocked: "${holder.rule.name}"${placeText(holder.rule, reporter)} allows it, and allow rules come first`,
          help: 'remove it here, or take it out of the rule that allows it',
        });
      } else if (isByHand && covers(allowedByHand, prefix)) {
        reporter.warn(rule, ['addresses', index], {
          code: 'policy-unreachable',
          message: `${text} is never blocked: allow.addresses has it, and that row comes first`,
          help: 'remove it here, or from allow.addresses',
        });
      }
    }
  }
}

/** Whether two rules can be in force in the same environment. */
export function shares(one: RuleCommon, other: RuleCommon): boolean {
  if (one.environment === undefined || other.environment === undefined) return true;
  return one.environment.some((name) => other.environment?.includes(name));
}

/** Whether one of the prefixes holds all of `inner`. */
export function covers(prefixes: readonly IpPrefix[], inner: IpPrefix): boolean {
  return prefixes.some(
    ({ address, bits }) =>
      address.length === inner.address.length &&
      bits <= inner.bits &&
      sameBits(address, inner.address, bits),
  );
}

function sameBits(one: Uint8Array, other: Uint8Array, bits: number): boolean {
  for (let at = 0; at * 8 < bits; at++) {
    const left = Math.min(8, bits - at * 8);
    const mask = (0xff << (8 - left)) & 0xff;
    if (((one[at] ?? 0) & mask) !== ((other[at] ?? 0) & mask)) return false;
  }
  return true;
}

function checkHandLists(reporter: Reporter): void {
  const { allow, block, table = ROWS } = reporter.document;
  if (allow === undefined || block === undefined) return;
  for (const [index, actor] of block.actors.entries()) {
    if (!allow.actors.includes(actor)) continue;
    const winner =
      table.indexOf('actor-allow') < table.indexOf('actor-block') ? 'allowed' : 'blocked';
    reporter.warn(block, ['actors', index], {
      code: 'policy-contradiction',
      message: `the user "${actor}" is both allowed and blocked, and so is ${winner}`,
      help: 'remove it from one of the lists',
    });
  }
}
