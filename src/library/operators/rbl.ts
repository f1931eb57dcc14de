// @rbl. The address, or the name, is on a DNS block list (RFC 5782): the list's zone has an entry for it.
//
// Entries are addresses in 127.0.0.0/8 and nothing else: name servers that answer every name, and zones whose owner has
// changed, would otherwise list everybody (ModSecurity takes any answer). Codes that say "you may not ask" are no
// entries either. Who cannot be asked lists nobody: that a rule on reputation cannot hold is told in the debug log
// and is no error, because then an outage at somebody else's would close the site.

import { formatIp, mappedIpv4, parseIp } from '../../base/ip.ts';
import {
  type CompiledOperator,
  OperatorArgumentError,
  type OperatorContext,
  type OperatorDefinition,
  type OperatorRun,
} from '../../model/operator.ts';
import { type ListAnswer, listAnswer } from '../rbl/list-answer.ts';

/** Project Honey Pot's list: each name begins with the key of who asks. */
const HTTP_BL = 'dnsbl.httpbl.org';
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/i;
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

export const rbl: OperatorDefinition = Object.freeze({
  name: 'rbl',
  summary: 'the address or name is on a DNS block list',
  argument: 'required',
  macros: false,
  compile: (argument, context) => {
    const zone = argument.trim().toLowerCase().replace(/\.$/, '');
    if (!isName(zone)) {
      throw new OperatorArgumentError(`"${argument}" is not a DNS zone`, {
        help: 'name a list such as sbl-xbl.spamhaus.org',
      });
    }
    context.warn({
      code: 'asks-name-servers',
      message: `@rbl asks name servers for names in "${zone}", which tells that list who comes by`,
      help: '"serve" asks unless --dns off is given, "eval" only with --dns; in code, openOutside({ nameServers: true })',
    });
    return zone === HTTP_BL ? ofHttpBl(zone, context) : ofZone(zone);
  },
} satisfies OperatorDefinition);

function ofZone(zone: string): CompiledOperator {
  return compiled(zone, (value) => {
    const octets = reversed(value);
    // Of names, the list knows the domain itself.
    const name = `${octets ?? value}.${zone}`;
    return octets !== undefined || isName(value) ? { asked: name, shown: name } : undefined;
  });
}

function ofHttpBl(zone: string, { httpBlKey, warn }: OperatorContext): CompiledOperator {
  if (httpBlKey === undefined) {
    warn({
      code: 'missing-list-key',
      message: `"${zone}" answers nobody without a key, so this @rbl never matches`,
      help: 'write SecHttpBlKey with the key that Project Honey Pot has given you',
    });
    return { evaluate: () => false };
  }
  return compiled(zone, (value) => {
    const octets = reversed(value);
    if (octets === undefined) return undefined;
    // The key is no business of logs.
    return { asked: `${httpBlKey}.${octets}.${zone}`, shown: `${octets}.${zone}` };
  });
}

interface Names {
  readonly asked: string;
  readonly shown: string;
}

function compiled(zone: string, namesOf: (value: string) => Names | undefined): CompiledOperator {
  return {
    asks: (value) => {
      const names = namesOf(value);
      if (names === undefined || names.asked.length > LONGEST_NAME) return undefined;
      return { kind: 'addresses', name: names.asked };
    },
    evaluate: (value, run) => {
      const names = namesOf(value);
      if (names === undefined || names.asked.length > LONGEST_NAME) return false;
      const { answer, transaction } = run;
      if (answer?.kind !== 'addresses') {
        const why = answer?.kind === 'failure' ? answer.message : 'nobody asks name servers here';
        transaction.tell(1, `RBL lookup of ${names.shown} failed: ${why}`);
        return false;
      }
      const listed = listAnswer(zone, answer.addresses);
      if (listed.kind === 'listed') return found(value, names, listed, run);
      const detail = listed.kind === 'refused' ? `refused: ${listed.reason}` : 'failed.';
      transaction.tell(5, `RBL lookup of ${names.shown} ${detail}`);
      return false;
    },
  };
}

function found(
  value: string,
  { shown }: Names,
  { meaning, hasFacts }: ListAnswer & { readonly kind: 'listed' },
  run: OperatorRun,
): true {
  const looked = `RBL lookup of ${shown} succeeded`;
  const place = `${looked} at ${run.target ?? 'the value'}`;
  const message =
    meaning === undefined
      ? `${place}.`
      : hasFacts
        ? `${place}. ${meaning}`
        : `${place} (${meaning}).`;
  // Log lines name the place themselves.
  run.detail = meaning === undefined ? looked : `${looked} (${meaning})`;
  run.transaction.tell(4, message);
  const { rblCapture } = run.transaction.settings.behaviour;
  if (run.capturing) run.captures[0] = rblCapture === 'message' ? message : value;
  return true;
}

/** `1.2.0.192`; undefined for what is no IPv4 address. */
function reversed(value: string): string | undefined {
  const address = parseIp(value);
  const ipv4 = address === null ? null : address.length === 4 ? address : mappedIpv4(address);
  return ipv4 ? formatIp(ipv4).split('.').reverse().join('.') : undefined;
}

/** A name with a dot: a single label is no domain, and nothing that clients send is looked up for being a word. */
function isName(text: string): boolean {
  const labels = text.split('.');
  return (
    labels.length > 1 &&
    text.length <= LONGEST_NAME &&
    labels.every((label) => label.length <= LONGEST_LABEL && LABEL.test(label))
  );
}
