// Hash patterns: ordered facts of a request under one name, as one keyed hash. The value never leaves the
// process; logs and events show the pattern's name.

import { type ByteString, toByteString } from '../../base/bytes.ts';
import { parseIp } from '../../base/ip.ts';
import { parseJsonPath } from '../attribution/json-path.ts';
import { type AttributionRequest, valuesOf } from '../attribution/request.ts';
import type { HashField, HashPattern } from '../attribution/schema.ts';
import { readToken, textAt, tokenText } from '../attribution/token.ts';
import type { SourceFacts } from '../facts/source.ts';
import { type Fact, known, knownValue, unknown } from '../intelligence/fact.ts';
import { type Hmac, keyedHash } from './keyed-hash.ts';

/** The value of a point of the message; undefined when it is not there. Must not throw. */
export type ReadPoint = (request: AttributionRequest) => ByteString | undefined;

/** Compiles a point's steps, or says what is wrong with them. */
export type CompilePoint = (
  point: readonly (string | number)[],
) => ReadPoint | { readonly problem: string };

type ReadField = (source: SourceFacts, request: AttributionRequest) => ByteString | undefined;

interface Field {
  readonly title: string;
  readonly read: ReadField;
}

/** 32 hexadecimal digits, or why there is no value. Never throws. */
export type CompiledHashPattern = (
  source: SourceFacts,
  request: AttributionRequest,
) => Fact<string>;

/** `refuse` is told of a point that cannot be read; such a pattern has no value. */
export function compileHashPattern(
  { name, fields, missing }: HashPattern,
  hmac: Hmac,
  compilePoint: CompilePoint | undefined,
  refuse: (field: number, problem: string) => void,
): CompiledHashPattern {
  const compiled: Field[] = [];
  for (const [index, field] of fields.entries()) {
    const read = readerOf(field, compilePoint);
    if (typeof read === 'function') compiled.push({ title: titleOf(field), read });
    else {
      refuse(index, read.problem);
      return () => unknown('source-off', `the hash pattern "${name}" has a mistake`);
    }
  }
  return (source, request) => {
    const parts = compiled.map(({ read }) => read(source, request));
    if (missing === 'nothing') {
      const lacking = compiled.find((_, at) => parts[at] === undefined);
      if (lacking !== undefined) {
        return unknown('no-input', `the hash pattern "${name}" lacks ${lacking.title}`);
      }
    }
    return known(keyedHash(hmac, `pattern\0${name}`, parts), name);
  };
}

function titleOf(field: HashField): string {
  switch (field.kind) {
    case 'value':
      return `${field.place.part} ${field.place.name}`;
    case 'apiKey':
      return `an API key in ${field.name}`;
    case 'claim':
      return `the claim ${field.path}`;
    case 'point':
      return `the point [${field.point.join(', ')}]`;
    default:
      return field.kind;
  }
}

function readerOf(
  field: HashField,
  compilePoint: CompilePoint | undefined,
): ReadField | { readonly problem: string } {
  switch (field.kind) {
    case 'address':
      return ({ address }) => address || undefined;
    case 'network':
      return ({ address }) => networkOf(address, field.ipv4, field.ipv6);
    case 'user':
      return ({ user }) => (user.known ? `${user.value.isVerified}:${user.value.id}` : undefined);
    case 'email':
      return ({ email }) => knownValue(email)?.address;
    case 'userAgent':
      return ({ userAgent }) => userAgent;
    case 'asn':
      return ({ asn }) => (asn.known ? String(asn.value) : undefined);
    case 'organisation':
      return ({ organisation }) => knownValue(organisation);
    case 'value': {
      const { part, name } = field.place;
      return (_source, request) => joined(valuesOf(request, part, name));
    }
    case 'apiKey':
      return (_source, request) =>
        joined(valuesOf(request, 'header', field.name)) ??
        joined(valuesOf(request, 'query', field.name));
    case 'claim': {
      const { part, name } = field.place;
      const path = parseJsonPath(field.path);
      if ('problem' in path) return path;
      return (_source, request) => {
        const [value, ...others] = valuesOf(request, part, name);
        if (value === undefined || others.length > 0) return undefined;
        const token = readToken(tokenText(value));
        return typeof token === 'string' ? undefined : textAt(token.payload, path);
      };
    }
    case 'point': {
      if (compilePoint === undefined) return { problem: 'points cannot be read here' };
      const read = compilePoint(field.point);
      return typeof read === 'function' ? (_source, request) => read(request) : read;
    }
  }
}

/** Several values are all part of it, so that a second one in front does not make somebody else. */
function joined(values: readonly ByteString[]): ByteString | undefined {
  const [first] = values;
  if (values.length < 2) return first;
  return values.map((value) => `${value.length}:${value}`).join(';');
}

function networkOf(address: string, ipv4: number, ipv6: number): ByteString | undefined {
  const bytes = parseIp(address);
  if (bytes === null) return undefined;
  const bits = bytes.length === 4 ? ipv4 : ipv6;
  const first = bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - at * 8))));
  return `${bits}/${toByteString(first)}`;
}
