// Where ModSecurity 2, ModSecurity 3 and Coraza behave differently: one record of named choices for each.
//
// The engine reads a choice where the behaviour lives and never asks which engine is meant, so this file
// is the whole list of divergences. `portcullis` is our own choice in each. The cases that show them, and
// what each engine does, are recorded in test/conformance/behaviour.jsonl.

import { CORAZA, MODSECURITY_2, MODSECURITY_3, PORTCULLIS } from './compatibility.data.ts';

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
