// Reads the complete request body with the processor that Content-Type or ctl chose.

import { asciiLower } from '../base/ascii.ts';
import { readGoMultipart } from '../http/go-multipart.ts';
import { readGoXml } from '../http/go-xml.ts';
import { parseJson } from '../http/json.ts';
import { bodyProcessorOf } from '../http/mime.ts';
import { fileLimitText, type MultipartReading, parseMultipart } from '../http/multipart.ts';
import { type LogLine, multipartLog } from '../http/multipart-log.ts';
import { parseUrlencoded } from '../http/urlencoded.ts';
import { parseXml } from '../http/xml.ts';
import { xmlArguments } from '../http/xml-arguments.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { MultipartPeer } from '../model/multipart-peer.ts';
import type { Pair } from '../model/pair.ts';
import type { Settings } from '../model/settings.ts';
import type { TransactionState } from './state.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const LIMIT_MESSAGE = 'more arguments than SecArgumentsLimit allows';
/** Honest names are shorter. */
const NAME_BYTES_PER_ARGUMENT = 128;
/** Where the settings have no bound, names have one all the same. */
const NAME_BYTES = 1024 * 1024;
const NAME_BYTES_PER_BYTE = 8;

/**
 * Bytes of the names of nested arguments together. A name repeats those of all containers around it: 34 KB of JSON
 * make 30 MB of names for rules to look at. A form within SecRequestBodyNoFilesLimit has no more of them than that, and as
 * many arguments as are let in may have honest names.
 */
function maxNameBytes(body: string, settings: Settings): number {
  const { requestBodyNoFilesLimit, argumentsLimit } = settings;
  const usual = Math.max(requestBodyNoFilesLimit, argumentsLimit * NAME_BYTES_PER_ARGUMENT);
  return Math.min(usual, Math.max(NAME_BYTES, body.length * NAME_BYTES_PER_BYTE));
}

/** The processor that the Content-Type alone selects: forms only; XML and JSON are chosen by rules. */
export function selectProcessor(state: TransactionState): void {
  const type = state.request.contentTypes.at(-1);
  if (type === undefined) return;
  const processor = bodyProcessorOf(type) ?? '';
  const { formTypes } = state.settings.behaviour;
  if (formTypes === 'raw-prefix' && /^[ \t]/.test(type)) return;
  if (formTypes === 'equal' && processor === 'URLENCODED' && asciiLower(type) !== FORM_TYPE) return;
  state.body.processor = processor;
}

/**
 * Reads the body. Errors end in REQBODY_ERROR and its companions, and what was read before them stays.
 *
 * REQUEST_BODY is shown for forms, and raw when a rule forces it and no processor is active: containers
 * of multipart, JSON and XML are not user data (ModSecurity v2; v3 always shows the raw body).
 */
export function readBody(body: string, state: TransactionState, peer?: MultipartPeer): void {
  const facts = state.body;
  facts.length = body.length;
  state.rawBody = body;
  if (state.request.argumentsLimitPassed) facts.failBody(LIMIT_MESSAGE);
  const { behaviour } = state.settings;
  if (facts.forced && facts.processor === '' && behaviour.forcedBody === 'form') {
    facts.processor = 'URLENCODED';
  }
  if (behaviour.requestBody === 'always') facts.text = body;
  if (body.length === 0) {
    if (facts.processor === 'XML' && behaviour.xmlEmptyBody === 'error') {
      facts.failProcessor('XML parsing error: no document');
    }
    return;
  }
  switch (facts.processor) {
    case 'URLENCODED':
      facts.text = body;
      readForm(body, state);
      return;
    case 'MULTIPART':
      if (behaviour.containerText === 'empty') facts.text = '';
      readMultipart(body, state, peer);
      return;
    case 'JSON':
      readJson(body, state);
      return;
    case 'XML':
      if (behaviour.containerText === 'empty') facts.text = '';
      readXml(body, state);
      return;
    case '':
      if (facts.forced) facts.text = body;
      return;
    default:
      facts.failProcessor(`no body processor is named ${facts.processor}`);
  }
}

function readForm(body: string, state: TransactionState): void {
  const { request, settings } = state;
  const { behaviour } = settings;
  const reading = parseUrlencoded(body, {
    separator: settings.argumentSeparator,
    limit: request.remainingArguments(settings),
    dropsEmpty: behaviour.emptyArguments === 'dropped',
  });
  request.addBodyArguments(reading.args, true);
  if (reading.invalidEncoding && behaviour.urlencodedError === 'flagged') {
    request.urlencodedError = true;
  }
  if (reading.truncated && behaviour.argumentsLimit === 'error') state.body.failBody(LIMIT_MESSAGE);
}

function readJson(body: string, state: TransactionState): void {
  const { request, settings } = state;
  const { behaviour } = settings;
  const reading = parseJson(body, {
    maxDepth: settings.requestBodyJsonDepthLimit + (behaviour.jsonDepth === 'below-root' ? 1 : 0),
    root: behaviour.jsonRoot,
    arrayNames: behaviour.jsonArrays,
    maxArguments: request.remainingArguments(settings),
    maxNameBytes: maxNameBytes(body, settings),
    emptyKeys: behaviour.jsonEmptyKeys,
    reader: behaviour.jsonReader,
  });
  // `{"a__in": [1]}` shows ARGS:json.a__in.array_0, as libmodsecurity names it, and in ARGS_NAMES also
  // `json.a__in`: ModSecurity v2 and Coraza show the bare name too, and rules look for its end.
  const moreNames = behaviour.jsonArrays === 'array_N' ? reading.arrays : [];
  request.addBodyArguments(reading.args, behaviour.jsonArgsPost, moreNames);
  if (reading.error !== undefined) state.body.failProcessor(`JSON parsing error: ${reading.error}`);
}

function readXml(body: string, state: TransactionState): void {
  if (state.settings.behaviour.xmlReader === 'go') {
    const { attributes, texts, error } = readGoXml(body);
    // Go skips declarations; the application behind need not be written in Go.
    if (body.includes('<!DOCTYPE')) state.body.dtd = parseXml(body).dtd;
    state.body.xmlValues = new Map([
      ['/*', texts],
      ['//@*', attributes],
    ]);
    if (error !== undefined) state.body.failProcessor(`XML parsing error: ${error}`);
    return;
  }
  const { request, settings, parseXmlIntoArgs } = state;
  const reading = parseXml(body);
  state.body.dtd = reading.dtd;
  if (parseXmlIntoArgs !== 'OnlyArgs') state.body.document = reading.document;
  if (parseXmlIntoArgs !== 'Off' && reading.document !== undefined) {
    const limit = request.remainingArguments(settings);
    const args = xmlArguments(reading.document, limit, maxNameBytes(body, settings));
    request.addBodyArguments(args.args, false);
    if (args.truncated) state.body.failBody(LIMIT_MESSAGE);
  }
  if (reading.error !== undefined) state.body.failProcessor(`XML parsing error: ${reading.error}`);
}

function readMultipart(body: string, state: TransactionState, peer?: MultipartPeer): void {
  const { request, settings } = state;
  const stored = settings.uploadKeepFiles !== 'Off' || settings.tmpSaveUploadedFiles;
  const maxArguments = request.remainingArguments(settings);
  if (settings.behaviour.multipartReader === 'go') {
    const reading = readGoMultipart(body, request.contentTypes.at(-1) ?? '', maxArguments);
    state.body.filesSize = reading.combinedSize;
    keepMultipart(reading, state, () => []);
    return;
  }
  const options = {
    ...(stored && { fileLimit: settings.uploadFileLimit }),
    maxArguments,
    joinsLines: settings.behaviour.multipartLines === 'joined',
    allowsDuplicateHeaders: settings.behaviour.duplicatePartHeaders === 'first-holds',
    emptyFileNames: settings.behaviour.emptyFileNames,
    emptyPartNames: settings.behaviour.emptyPartNames,
  };
  const { contentTypes } = request;
  const reading = parseMultipart(body, contentTypes, options);
  const log = (): readonly LogLine[] => multipartLog(body, contentTypes, options);
  keepMultipart(
    reading,
    state,
    log,
    peer?.(body, contentTypes.at(-1) ?? '', reading) !== undefined,
  );
}

function keepMultipart(
  reading: MultipartReading,
  state: TransactionState,
  log: () => readonly LogLine[],
  peerDisagrees = false,
): void {
  const { request, settings, body: facts } = state;
  request.addBodyArguments(reading.args, true);
  facts.files = reading.files;
  facts.fileNames = fileNamesOf(reading, settings.behaviour);
  facts.multipart = {
    flags: flagsOf(reading, state.rawBody ?? '', peerDisagrees, settings.behaviour),
    partHeaders: reading.partHeaders,
    name: reading.multipartName,
    filename: reading.multipartFilename,
    log,
  };
  if (reading.truncated) facts.failBody(LIMIT_MESSAGE);
  if (reading.error !== undefined) {
    facts.failProcessor(`Multipart parsing error: ${reading.error}`);
  } else if (reading.flags.fileLimitExceeded && settings.behaviour.fileLimit === 'error') {
    const text = fileLimitText(settings.uploadFileLimit);
    facts.failProcessor(`Multipart parsing error: Multipart: ${text}`);
  }
  if (reading.noFilesBytes > settings.requestBodyNoFilesLimit) state.noFilesLimitPassed = true;
}

/** Which names of a file rules see. */
function fileNamesOf(reading: MultipartReading, { fileNames }: Behaviour): readonly Pair[] {
  if (fileNames === 'both') return reading.fileNames;
  return reading.files.map(({ field, filename }) => ({ key: field, value: filename }));
}

function flagsOf(
  reading: MultipartReading,
  body: string,
  peerDisagrees: boolean,
  { unmatchedBoundary, multipartFaults }: Behaviour,
): Record<string, number> {
  const { flags } = reading;
  const named: Readonly<Record<string, boolean>> = {
    MULTIPART_STRICT_ERROR: reading.strictError,
    MULTIPART_BOUNDARY_QUOTED: flags.boundaryQuoted,
    MULTIPART_BOUNDARY_WHITESPACE: flags.boundaryWhitespace,
    MULTIPART_DATA_BEFORE: flags.dataBefore,
    MULTIPART_DATA_AFTER: flags.dataAfter,
    MULTIPART_HEADER_FOLDING: flags.headerFolding,
    MULTIPART_INVALID_HEADER_FOLDING: flags.invalidHeaderFolding,
    MULTIPART_LF_LINE: flags.lfLine,
    MULTIPART_CRLF_LINE: flags.crlfLine,
    MULTIPART_CRLF_LF_LINES: reading.crlfLfLines,
    MULTIPART_MISSING_SEMICOLON: flags.missingSemicolon,
    MULTIPART_INVALID_QUOTING: flags.invalidQuoting,
    MULTIPART_INVALID_PART:
      flags.invalidPart ||
      (multipartFaults === 'invalid-part' && /Disposition/.test(reading.error ?? '')),
    MULTIPART_FILE_LIMIT_EXCEEDED: flags.fileLimitExceeded,
    MULTIPART_UNMATCHED_BOUNDARY: flags.unmatchedBoundary,
    MULTIPART_PEER_DISAGREES: peerDisagrees,
  };
  const numbers = Object.fromEntries(Object.entries(named).map(([name, on]) => [name, on ? 1 : 0]));
  // libmodsecurity counts on from "looks like a boundary" to "was the final one".
  const endsItsLine = flags.dataAfter || body.endsWith('\n');
  const hasMore = flags.dataBefore || reading.partHeaders.length > 0;
  const closesParts = reading.complete && endsItsLine && hasMore;
  if (unmatchedBoundary === 'final-counts' && closesParts) {
    numbers['MULTIPART_UNMATCHED_BOUNDARY'] = 2;
  }
  return numbers;
}
