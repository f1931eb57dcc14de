// ModSecurity's regression cases as they stand in its repository, read into a shape of ours.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Header } from '../../src/model/exchange.ts';
import { type JsonValue, readJsonMembers } from './modsecurity-json.ts';

/** What a case expects; all but the two last are patterns. An empty text is not checked. */
export const EXPECTATIONS = [
  'parser_error',
  'debug_log',
  'http_code',
  'redirect_url',
  'error_log',
  'audit_log',
] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

export interface RegressionCase {
  /** `variable-ARGS:3`: file and place, from 0. */
  readonly id: string;
  /** The file's name, which rules are loaded under. */
  readonly file: string;
  readonly title: string;
  readonly resource: string;
  readonly client: { readonly address: string; readonly port: number };
  readonly server: { readonly address: string; readonly port: number };
  readonly hostname: string | undefined;
  readonly request: {
    readonly method: string;
    readonly uri: string;
    readonly version: string;
    readonly headers: readonly Header[];
    readonly body: string;
  };
  readonly response: {
    readonly version: string;
    readonly headers: readonly Header[];
    readonly body: string;
  };
  readonly rules: string;
  readonly expected: Readonly<Partial<Record<Expectation, string>>>;
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (value?.kind !== 'object') return undefined;
  // The last one counts where a name is given twice, as in ModSecurity's reader.
  return value.members.findLast(([key]) => key === name)?.[1];
}

function text(value: JsonValue | undefined): string | undefined {
  return value?.kind === 'text' || value?.kind === 'other' ? value.text : undefined;
}

/** Each line of a body ends in LF, the last one too. */
function lines(value: JsonValue | undefined): string {
  if (value?.kind !== 'array') return '';
  return value.items.map((item) => `${text(item) ?? ''}\n`).join('');
}

function headers(value: JsonValue | undefined): readonly Header[] {
  if (value?.kind !== 'object') return [];
  return value.members.map(([name, held]): Header => [name, text(held) ?? '']);
}

function endpoint(value: JsonValue | undefined): RegressionCase['client'] {
  return {
    address: text(member(value, 'ip')) ?? '127.0.0.1',
    port: Number(text(member(value, 'port')) ?? 0),
  };
}

function readCase(value: JsonValue, file: string, at: number): RegressionCase {
  const request = member(value, 'request');
  const response = member(value, 'response');
  const rules = member(value, 'rules');
  const expected = member(value, 'expected');
  // Left out, it is empty for libmodsecurity too, and all lengths and offsets count on that.
  const version = text(member(request, 'http_version')) ?? '';
  return {
    id: `${file.replace(/\.json$/, '')}:${at}`,
    file,
    title: text(member(value, 'title')) ?? '',
    resource: text(member(value, 'resource')) ?? '',
    client: endpoint(member(value, 'client')),
    server: endpoint(member(value, 'server')),
    hostname: text(member(member(value, 'server'), 'hostname')),
    request: {
      method: text(member(request, 'method')) ?? 'GET',
      uri: text(member(request, 'uri')) ?? '/',
      version: `HTTP/${version}`,
      headers: headers(member(request, 'headers')),
      body: lines(member(request, 'body')),
    },
    response: {
      version: `HTTP/${text(member(response, 'protocol'))?.replace(/^HTTP\//, '') ?? '1.1'}`,
      headers: headers(member(response, 'headers')),
      body: lines(member(response, 'body')),
    },
    rules: rules?.kind === 'array' ? rules.items.map((rule) => text(rule) ?? '').join('\n') : '',
    expected: Object.fromEntries(
      EXPECTATIONS.map((name) => [name, text(member(expected, name)) ?? '']).filter(
        ([, wanted]) => wanted !== '',
      ),
    ),
  };
}

/** All cases of all files below `directory`, in order. */
export function readRegressionCases(directory: string): readonly RegressionCase[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const read = readJsonMembers(readFileSync(join(directory, file), 'utf8'));
      return read.kind === 'array' ? read.items.map((item, at) => readCase(item, file, at)) : [];
    });
}
