// Where ModSecurity 2, ModSecurity 3 and Coraza behave differently: one record of named choices for each.
//
// The engine reads a choice where the behaviour lives and never asks which engine is meant, so this file
// is the whole list of divergences. `portcullis` is our own choice in each. The cases that show them, and
// what each engine does, are recorded in test/conformance/behaviour.jsonl.

export type Compatibility = 'portcullis' | 'modsecurity2' | 'modsecurity3' | 'coraza';

/** Forms of rules that some engine refuses to load. */
export type Refusal =
  | 'accuracy-and-maturity'
  | 'action-blanks'
  | 'address-list-blanks'
  | 'backslashes-in-quotes'
  | 'backtracking-patterns'
  | 'bare-operators'
  | 'blanks-around-targets'
  | 'blanks-for-commas'
  | 'blanks-in-messages'
  | 'broken-continuations'
  | 'colon-blanks'
  | 'count-of-connection-facts'
  | 'count-of-scalars'
  | 'ctl-debug-log-level'
  | 'ctl-multipart'
  | 'ctl-patterns'
  | 'ctl-response-body-access'
  | 'default-metadata'
  | 'default-transformation-none'
  | 'default-transformations'
  | 'disruption-in-logging'
  | 'doubled-commas'
  | 'empty-arguments'
  | 'empty-selectors'
  | 'empty-text-arguments'
  | 'empty-variables'
  | 'header-prefix'
  | 'namespaces'
  | 'negative-transformations'
  | 'persistent-variables'
  | 'quoted-assignments-with-commas'
  | 'quoted-targets'
  | 'repeated-defaults'
  | 'single-quoted-operators'
  | 'unknown-collections'
  | 'unknown-macros'
  | 'unquoted-pipes'
  | 'updates-of-unknown-rules';

export interface Behaviour {
  readonly compatibility: Compatibility;
  readonly refuses: ReadonlySet<Refusal>;
  /** Lower-case names of directives, operators (`@x`), transformations (`t:x`) and variables (`$x`). */
  readonly unknown: ReadonlySet<string>;

  // How rules are read.
  /** Rules that may do without an id; they count as rule 0. */
  readonly withoutId: 'none' | 'actions' | 'all';
  readonly linkMetadata: 'refused' | 'ignored';
  /** A chain that the file ends inside. */
  readonly unfinishedChains: 'refused' | 'never-match';
  readonly requestBodyUnset: boolean;
  readonly redirectStatus: 'redirects' | 'any';
  /** One set of default actions for each phase, or the last one for all; or wherever it stands. */
  readonly defaultActions: 'per-phase' | 'shared' | 'anywhere';
  readonly inheritsDisruptive: boolean;
  /** Phases whose rules are logged unless they say otherwise. */
  readonly loggedPhases: readonly number[];
  /** Whether a SecAction without msg is ever logged. */
  readonly logsSilentActions: boolean;
  readonly phaseWithoutAction: 'default-action' | 1 | 2;
  readonly operatorBlanks: 'trimmed' | 'leading-kept' | 'trailing-kept';
  readonly operatorQuotes: 'unescaped' | 'kept';
  readonly operatorBackslashes: 'kept' | 'halved';
  readonly unknownOperators: 'refused' | 'patterns';
  readonly invalidPatterns: 'refused' | 'never-match';
  readonly patternMacros: 'raw' | 'escaped' | 'none';
  readonly phraseMacros: 'expanded' | 'none';
  readonly exclusionOrder: 'whole-list' | 'in-order';
  /** How tags and messages are compared. */
  readonly textSelectors: 'pattern' | 'exact';
  readonly updateReaches: 'chain' | 'starter';
  readonly updateBefore: 'refused' | 'carried-out';
  readonly updateStatusAlone: 'keeps-action' | 'loses-action';
  readonly updateNolog: 'carried-out' | 'ignored';
  readonly updateId: 'refused' | 'ignored' | 'renumbers';
  /** `!ARGS` also takes `ARGS:a`, which a rule names itself. */
  readonly exclusionOfWhole: 'all-keys' | 'whole-only';
  readonly exclusionKeys: 'any-case' | 'exact';

  // How rules run.
  readonly engineUnset: 'Off' | 'DetectionOnly' | 'On';
  readonly missingMarker: 'rest-of-phase' | 'everything';
  readonly skipToId: boolean;
  readonly markersCount: boolean;
  readonly linkSkipAfter: 'refused' | 'carried-out' | 'ignored';
  readonly allowInLogging: 'nothing' | 'ends-phase';
  readonly allowEndsLogging: boolean;
  readonly allowRequestBehind: 'ends-phase' | 'nothing';
  readonly denyInLogging: 'nothing' | 'ends-phase';
  readonly dropStatus: 'none' | 'given' | 'given-or-403';
  readonly deniesWith200: boolean;
  /** When ctl:ruleEngine=Off takes hold, and whether its own rule still acts. */
  readonly engineOff: 'after-rule' | 'next-phase';
  readonly firstMatchDenies: boolean;
  readonly matchedVar: 'kept' | 'cleared';
  readonly matchedVarUnset: 'no-target' | 'empty';
  readonly actionMatches: 'client-address' | 'nothing';
  readonly matchedVarsNames: 'original' | 'prefixed';
  readonly statusInLogging: 'answered' | 'upstream';
  readonly captures: 'cleared' | 'kept';
  readonly missingCaptures: 'empty' | 'absent';
  readonly multiMatchWithoutSteps: 'one-test' | 'never';
  readonly counterFloor: 'zero' | 'none';
  readonly ctlOfFailedChain: 'carried-out' | 'dropped';
  readonly countsBehindCtl: 'lowered' | 'kept';
  readonly countExclusions: 'kept' | 'lowered';

  // What rules see of the request.
  readonly leadingSlashes: 'collapsed' | 'kept';
  readonly requestUri: 'raw' | 'decoded';
  readonly requestFilename: 'raw' | 'decoded';
  readonly basename: 'all-separators' | 'slashes';
  readonly queryUnset: 'no-target' | 'empty';
  readonly pathInfo: 'path' | 'no-target';
  readonly authType: 'scheme' | 'no-target';
  readonly bodyLengthUnset: '' | '0';
  readonly filesSizeUnset: '' | '0';
  readonly argsSizeUnset: '' | '0';
  readonly multipartUnset: '' | '0';
  readonly argsOrder: 'arrival' | 'grouped';
  readonly emptyArguments: 'kept' | 'dropped';
  readonly urlencodedError: 'flagged' | 'never';
  readonly argumentsLimit: 'error' | 'silent';
  readonly headerBlanks: 'trimmed' | 'kept';
  readonly serverName: 'host' | 'host-and-port';
  readonly cookieBlanks: 'kept' | 'trimmed';
  readonly timeFormat: 'clock' | 'stamp';
  readonly responseStatusUnset: '' | '0';
  readonly statusLineUnset: 'empty' | 'no-target';
  readonly responseType: 'essence' | 'as-sent';
  readonly countNames: 'collection' | 'as-written';
  readonly scalarNames: 'canonical' | 'as-written';
  readonly nulInNames: 'byte' | 'escaped';

  // Bodies.
  readonly requestBody: 'forms' | 'always';
  readonly forcedBody: 'raw' | 'form';
  readonly formTypes: 'prefix' | 'equal';
  readonly jsonRoot: string;
  readonly jsonArrays: 'array_N' | 'N' | 'repeat';
  readonly jsonArgsPost: boolean;
  readonly jsonDepth: 'counts-root' | 'below-root';
  readonly xmlName: 'xpath' | 'bare' | 'request-xpath';
  readonly xmlEmptyBody: 'nothing' | 'error';
  readonly unmatchedBoundary: 'foreign-lines' | 'final-counts' | 'no-target';
  readonly multipartFaults: 'error' | 'invalid-part' | 'tolerated';
  readonly fileNames: 'both' | 'plain' | 'extended';
  readonly requestLimitStatus: number;
  /** What passes SecRequestBodyNoFilesLimit is answered, flagged, or not looked at. */
  readonly noFilesLimit: 'rejects' | 'flags' | 'ignored';
  /** What of a body over the limit rules see in DetectionOnly, or (nothing) without a limit action. */
  readonly bodyOverLimit: 'beginning' | 'nothing';
  readonly responseLimitStatus: number;
  readonly bodyPhases: 'always' | 'with-access';
  readonly responseTypes: readonly string[] | 'all';

  // Values.
  readonly patternLines: 'one' | 'many';
  readonly numbers: 'atoll' | 'atoi' | 'whole';
  readonly base64: 'prefix' | 'all-or-nothing';
  readonly htmlEntities: 'superset' | 'modsecurity2' | 'modsecurity3' | 'html5';
  readonly c2: 'whole-pair' | 'deleted' | 'kept';
  readonly cmdLineNul: 'kept' | 'cut';
}

function setOf<T extends string>(...names: readonly T[]): ReadonlySet<T> {
  return new Set(names);
}

const PORTCULLIS: Behaviour = Object.freeze({
  compatibility: 'portcullis',
  refuses: setOf<Refusal>(),
  unknown: setOf(),
  withoutId: 'none',
  linkMetadata: 'refused',
  unfinishedChains: 'refused',
  requestBodyUnset: false,
  redirectStatus: 'redirects',
  defaultActions: 'per-phase',
  inheritsDisruptive: true,
  loggedPhases: Object.freeze([1, 2, 3, 4, 5]),
  logsSilentActions: true,
  phaseWithoutAction: 'default-action',
  operatorBlanks: 'trimmed',
  operatorQuotes: 'unescaped',
  operatorBackslashes: 'kept',
  unknownOperators: 'refused',
  invalidPatterns: 'refused',
  patternMacros: 'raw',
  phraseMacros: 'expanded',
  exclusionOrder: 'whole-list',
  textSelectors: 'pattern',
  updateReaches: 'chain',
  updateBefore: 'refused',
  updateStatusAlone: 'keeps-action',
  updateNolog: 'carried-out',
  updateId: 'refused',
  exclusionOfWhole: 'all-keys',
  exclusionKeys: 'any-case',
  engineUnset: 'Off',
  missingMarker: 'rest-of-phase',
  skipToId: true,
  markersCount: false,
  linkSkipAfter: 'refused',
  allowInLogging: 'nothing',
  allowEndsLogging: false,
  allowRequestBehind: 'ends-phase',
  denyInLogging: 'nothing',
  dropStatus: 'none',
  deniesWith200: true,
  engineOff: 'after-rule',
  firstMatchDenies: true,
  matchedVar: 'kept',
  matchedVarUnset: 'no-target',
  actionMatches: 'client-address',
  matchedVarsNames: 'original',
  statusInLogging: 'answered',
  captures: 'cleared',
  missingCaptures: 'empty',
  multiMatchWithoutSteps: 'one-test',
  counterFloor: 'zero',
  ctlOfFailedChain: 'carried-out',
  countsBehindCtl: 'lowered',
  countExclusions: 'kept',
  leadingSlashes: 'collapsed',
  requestUri: 'raw',
  requestFilename: 'decoded',
  basename: 'all-separators',
  queryUnset: 'no-target',
  pathInfo: 'path',
  authType: 'scheme',
  bodyLengthUnset: '',
  filesSizeUnset: '',
  argsSizeUnset: '',
  multipartUnset: '',
  argsOrder: 'arrival',
  emptyArguments: 'kept',
  urlencodedError: 'flagged',
  argumentsLimit: 'error',
  headerBlanks: 'trimmed',
  serverName: 'host',
  cookieBlanks: 'kept',
  timeFormat: 'clock',
  responseStatusUnset: '',
  statusLineUnset: 'empty',
  responseType: 'essence',
  countNames: 'collection',
  scalarNames: 'canonical',
  nulInNames: 'byte',
  requestBody: 'forms',
  forcedBody: 'raw',
  formTypes: 'prefix',
  jsonRoot: 'json',
  jsonArrays: 'array_N',
  jsonArgsPost: false,
  jsonDepth: 'counts-root',
  xmlName: 'xpath',
  xmlEmptyBody: 'nothing',
  unmatchedBoundary: 'foreign-lines',
  multipartFaults: 'error',
  fileNames: 'both',
  requestLimitStatus: 413,
  noFilesLimit: 'rejects',
  bodyOverLimit: 'beginning',
  responseLimitStatus: 500,
  bodyPhases: 'always',
  responseTypes: Object.freeze(['text/plain', 'text/html']),
  patternLines: 'one',
  numbers: 'atoll',
  base64: 'prefix',
  htmlEntities: 'superset',
  c2: 'whole-pair',
  cmdLineNul: 'kept',
});

// ModSecurity 2.9.7 in Apache.
const MODSECURITY_2: Behaviour = Object.freeze({
  ...PORTCULLIS,
  compatibility: 'modsecurity2',
  refuses: setOf<Refusal>(
    'address-list-blanks',
    'backslashes-in-quotes',
    'blanks-in-messages',
    'broken-continuations',
    'colon-blanks',
    'count-of-connection-facts',
    'count-of-scalars',
    'disruption-in-logging',
    'unquoted-pipes',
  ),
  unknown: setOf(
    'secparsexmlintoargs',
    'secignorerulecompilationerrors',
    'secauditlog2',
    '@rxglobal',
    't:uppercase',
  ),
  defaultActions: 'shared',
  operatorBackslashes: 'halved',
  patternMacros: 'escaped',
  phraseMacros: 'none',
  exclusionOrder: 'in-order',
  requestFilename: 'raw',
  pathInfo: 'no-target',
  authType: 'no-target',
  bodyLengthUnset: '0',
  filesSizeUnset: '0',
  argsSizeUnset: '0',
  multipartUnset: '0',
  multiMatchWithoutSteps: 'never',
  countsBehindCtl: 'kept',
  timeFormat: 'stamp',
  responseStatusUnset: '0',
  statusLineUnset: 'no-target',
  responseType: 'as-sent',
  scalarNames: 'as-written',
  nulInNames: 'escaped',
  jsonRoot: '',
  jsonArrays: 'repeat',
  jsonDepth: 'below-root',
  xmlName: 'bare',
  fileNames: 'plain',
  numbers: 'atoi',
  htmlEntities: 'modsecurity2',
  c2: 'kept',
  cmdLineNul: 'cut',
});

// libmodsecurity 3.0.16.
const MODSECURITY_3: Behaviour = Object.freeze({
  ...PORTCULLIS,
  compatibility: 'modsecurity3',
  refuses: setOf<Refusal>(
    'action-blanks',
    'address-list-blanks',
    'blanks-around-targets',
    'blanks-for-commas',
    'broken-continuations',
    'colon-blanks',
    'ctl-debug-log-level',
    'ctl-multipart',
    'ctl-patterns',
    'ctl-response-body-access',
    'default-transformation-none',
    'doubled-commas',
    'empty-arguments',
    'empty-selectors',
    'empty-variables',
    'header-prefix',
    'negative-transformations',
    'quoted-assignments-with-commas',
    'repeated-defaults',
    'unknown-collections',
    'unknown-macros',
    'unquoted-pipes',
  ),
  unknown: setOf(
    'seccookieformat',
    'secrequestbodyinmemorylimit',
    'secsensorid',
    'secruleinheritance',
    'secruleperftime',
    'secunicodecodepage',
    'seccachetransformations',
    'secrequestencoding',
    'secignorerulecompilationerrors',
    'seccookiev0separator',
    '$useragent_ip',
  ),
  withoutId: 'actions',
  linkMetadata: 'ignored',
  unfinishedChains: 'never-match',
  requestBodyUnset: true,
  redirectStatus: 'any',
  defaultActions: 'anywhere',
  inheritsDisruptive: false,
  logsSilentActions: false,
  phaseWithoutAction: 1,
  operatorBlanks: 'leading-kept',
  operatorQuotes: 'kept',
  unknownOperators: 'patterns',
  invalidPatterns: 'never-match',
  textSelectors: 'exact',
  updateReaches: 'starter',
  updateBefore: 'carried-out',
  updateStatusAlone: 'loses-action',
  updateNolog: 'ignored',
  updateId: 'ignored',
  exclusionOfWhole: 'whole-only',
  exclusionKeys: 'exact',
  engineUnset: 'DetectionOnly',
  missingMarker: 'everything',
  skipToId: false,
  linkSkipAfter: 'carried-out',
  allowInLogging: 'ends-phase',
  denyInLogging: 'ends-phase',
  dropStatus: 'given-or-403',
  deniesWith200: false,
  engineOff: 'next-phase',
  firstMatchDenies: false,
  matchedVar: 'cleared',
  matchedVarUnset: 'empty',
  actionMatches: 'nothing',
  matchedVarsNames: 'prefixed',
  statusInLogging: 'upstream',
  captures: 'kept',
  missingCaptures: 'absent',
  counterFloor: 'none',
  ctlOfFailedChain: 'dropped',
  countsBehindCtl: 'kept',
  leadingSlashes: 'kept',
  requestUri: 'decoded',
  basename: 'all-separators',
  queryUnset: 'empty',
  argsOrder: 'grouped',
  argumentsLimit: 'silent',
  headerBlanks: 'kept',
  countNames: 'as-written',
  requestBody: 'always',
  xmlEmptyBody: 'error',
  unmatchedBoundary: 'final-counts',
  multipartFaults: 'invalid-part',
  fileNames: 'plain',
  requestLimitStatus: 403,
  noFilesLimit: 'flags',
  bodyOverLimit: 'nothing',
  responseLimitStatus: 403,
  bodyPhases: 'with-access',
  responseTypes: 'all',
  patternLines: 'many',
  base64: 'all-or-nothing',
  htmlEntities: 'modsecurity3',
  c2: 'deleted',
});

// Coraza of August 2026, default build.
const CORAZA: Behaviour = Object.freeze({
  ...PORTCULLIS,
  compatibility: 'coraza',
  refuses: setOf<Refusal>(
    'accuracy-and-maturity',
    'backtracking-patterns',
    'bare-operators',
    'blanks-around-targets',
    'blanks-for-commas',
    'count-of-connection-facts',
    'default-metadata',
    'default-transformation-none',
    'doubled-commas',
    'empty-selectors',
    'empty-text-arguments',
    'empty-variables',
    'header-prefix',
    'negative-transformations',
    'namespaces',
    'persistent-variables',
    'default-transformations',
    'quoted-targets',
    'repeated-defaults',
    'single-quoted-operators',
    'unknown-macros',
  ),
  unknown: setOf(
    'secstatusengine',
    'secruleinheritance',
    'secunicodecodepage',
    'secxmlexternalentity',
    'secinterceptonerror',
    'secdisablebackendcompression',
    'seccachetransformations',
    'secrequestencoding',
    'secparsexmlintoargs',
    'seccookiev0separator',
    'secauditlog2',
    'secunicodemapfile',
    '@containsword',
    '@rxglobal',
    '@verifycc',
    '@verifyssn',
    't:sqlhexdecode',
    't:parityodd7bit',
    '$webappid',
    '$useragent_ip',
  ),
  withoutId: 'all',
  linkMetadata: 'ignored',
  loggedPhases: Object.freeze([2]),
  phaseWithoutAction: 2,
  operatorBlanks: 'trailing-kept',
  patternMacros: 'none',
  textSelectors: 'exact',
  updateReaches: 'starter',
  updateId: 'renumbers',
  engineUnset: 'On',
  missingMarker: 'everything',
  skipToId: false,
  markersCount: true,
  linkSkipAfter: 'ignored',
  allowInLogging: 'ends-phase',
  allowEndsLogging: true,
  allowRequestBehind: 'nothing',
  dropStatus: 'given',
  engineOff: 'next-phase',
  firstMatchDenies: false,
  matchedVarUnset: 'empty',
  actionMatches: 'nothing',
  matchedVarsNames: 'prefixed',
  statusInLogging: 'upstream',
  captures: 'kept',
  counterFloor: 'none',
  countExclusions: 'lowered',
  leadingSlashes: 'kept',
  basename: 'slashes',
  queryUnset: 'empty',
  pathInfo: 'no-target',
  authType: 'no-target',
  bodyLengthUnset: '0',
  filesSizeUnset: '0',
  argsSizeUnset: '0',
  emptyArguments: 'dropped',
  urlencodedError: 'never',
  headerBlanks: 'kept',
  serverName: 'host-and-port',
  cookieBlanks: 'trimmed',
  forcedBody: 'form',
  formTypes: 'equal',
  jsonArrays: 'N',
  jsonArgsPost: true,
  xmlName: 'request-xpath',
  unmatchedBoundary: 'no-target',
  multipartFaults: 'tolerated',
  fileNames: 'extended',
  noFilesLimit: 'ignored',
  responseTypes: Object.freeze([]),
  patternLines: 'many',
  numbers: 'whole',
  htmlEntities: 'html5',
});

export const BEHAVIOURS: Readonly<Record<Compatibility, Behaviour>> = Object.freeze({
  portcullis: PORTCULLIS,
  modsecurity2: MODSECURITY_2,
  modsecurity3: MODSECURITY_3,
  coraza: CORAZA,
});

export const COMPATIBILITIES: readonly Compatibility[] = Object.freeze([
  'portcullis',
  'modsecurity2',
  'modsecurity3',
  'coraza',
]);
