// Makes the record of a transaction that has finished, out of its state.

import { asciiLower } from '../base/ascii.ts';
import type { Header } from '../model/exchange.ts';
import type { Pair } from '../model/pair.ts';
import type { Phase } from '../model/phase.ts';
import type {
  RequestRecord,
  ResponseRecord,
  RuleLinkText,
  TransactionOutline,
  TransactionRecord,
  UploadRecord,
} from '../model/transaction-record.ts';
import type { RuleFacts, RuleMatch } from '../model/verdict.ts';
import type { FileView } from '../model/view.ts';
import type { Rule, RuleLink } from '../ruleset/ruleset.ts';
import { matchRefs } from './match-ref.ts';
import type { TransactionState } from './state.ts';
import { targetsText } from './targets-text.ts';

export function outlineOf(state: TransactionState): TransactionOutline {
  return {
    auditEngine: state.auditEngine,
    engine: state.settings.ruleEngine,
    matches: state.matches,
    status: statusOf(state),
  };
}

/** `rules` are those of the program that judged the transaction. */
export function recordOf(
  state: TransactionState,
  rules: readonly Rule[],
  phaseMs: ReadonlyMap<Phase, number>,
): TransactionRecord {
  return {
    id: state.id,
    startedMs: state.startedMs,
    finishedMs: state.nowMs(),
    client: { address: state.clientAddress, port: state.clientPort },
    server: { address: state.serverAddress, port: state.serverPort },
    hostname: hostOf(state),
    request: requestOf(state),
    response: responseOf(state),
    interruption: state.interruption,
    matches: state.matches,
    errors: state.errors,
    engine: state.engine,
    auditEngine: state.auditEngine,
    auditLogParts: state.auditLogParts,
    settings: state.settings,
    sessionId: state.sessionId,
    userId: state.userId,
    masks: state.masks,
    phaseMs,
    ruleText: ruleTexts(rules),
    reference: references(state),
  };
}

const headersOf = (pairs: readonly Pair[]): readonly Header[] =>
  pairs.map(({ key, value }) => [key, value]);

// What ModSecurity v2 takes for SERVER_NAME: the Host header without its port.
function hostOf(state: TransactionState): string {
  const host = state.request.headers.pairs.find(({ key }) => asciiLower(key) === 'host')?.value;
  if (host === undefined || host === '') return state.serverAddress;
  return host.replace(/:\d{0,5}$/, '');
}

function requestOf({ request, body, rawBody }: TransactionState): RequestRecord {
  const isMultipart = body.processor === 'MULTIPART';
  return {
    line: request.line,
    method: request.method,
    uri: request.uriRaw,
    protocol: request.protocol,
    headers: headersOf(request.headers.pairs),
    body: rawBody,
    isMultipart,
    args: request.args.pairs,
    bodyArgs: request.argsPost.pairs,
    uploads: isMultipart ? body.files.map(uploadOf) : [],
  };
}

function uploadOf(
  file: FileView & { readonly contentType?: string | undefined },
  at: number,
): UploadRecord {
  return {
    index: at + 1,
    size: file.size,
    filename: file.filename,
    contentType: file.contentType,
    content: file.content,
  };
}

function statusOf({ interruption, response }: TransactionState): number {
  if (interruption !== null) return interruption.status;
  return response.status ?? 200;
}

function responseOf(state: TransactionState): ResponseRecord {
  const { interruption, response, request } = state;
  return {
    status: statusOf(state),
    protocol: response.protocol === '' ? request.protocol : response.protocol,
    headers: interruption === null ? headersOf(response.headers.pairs) : [],
    body: response.body,
  };
}

/** Looks up rules by the facts that matches carry. The table is made at the first question. */
function ruleTexts(rules: readonly Rule[]): (match: RuleMatch) => readonly RuleLinkText[] {
  let byFacts: Map<RuleFacts, Rule> | undefined;
  return ({ rule }) => {
    byFacts ??= new Map(rules.map((known) => [known.facts, known]));
    return byFacts.get(rule)?.links.map(linkText) ?? [];
  };
}

/** A rule matches once in a transaction, so its facts tell which match is meant, also after masking. */
function references(state: TransactionState): (match: RuleMatch) => string {
  let refAt: ((at: number) => string) | undefined;
  return ({ rule }) => {
    refAt ??= matchRefs(state);
    return refAt(state.matches.findIndex((match) => match.rule === rule));
  };
}

function linkText(link: RuleLink): RuleLinkText {
  const { span, operator } = link;
  return {
    text: oneLine(span.source.text.slice(span.start, span.end)),
    operator: operator?.definition.name ?? 'unconditionalMatch',
    argument: operator?.argument ?? '',
    negated: operator?.negated ?? false,
    targets: targetsText(link),
  };
}

/** The directive as the parser joins it: a backslash at the end of a line goes with the line end. */
const oneLine = (text: string): string =>
  text.replace(/\\[ \t]*\r?\n[ \t]*/g, '').replace(/[\r\n]+/g, ' ');
