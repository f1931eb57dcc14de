// Where ModSecurity 2, ModSecurity 3 and Coraza behave differently: one record of named choices for each.
//
// The engine reads a choice where the behaviour lives and never asks which engine is meant, so this file
// is the whole list of divergences. `portcullis` is our own choice in each. The cases that show them, and
// what each engine does, are recorded in test/conformance/behaviour.jsonl.

import { MODSECURITY_2, MODSECURITY_3, PORTCULLIS } from './compatibility.data.ts';
import { CORAZA } from './compatibility-coraza.data.ts';

export type Compatibility = 'portcullis' | 'modsecurity2' | 'modsecurity3' | 'coraza';

/** Forms of rules that some engine refuses to load. */
export type Refusal =
  | 'accuracy-and-maturity'
  | 'action-blanks'
  | 'address-list-blanks'
  | 'backslashes-in-quotes'
  | 'backtracking-patterns'
  | 'bare-negation'
  | 'bare-operators'
  | 'blanks-around-targets'
  | 'blanks-for-commas'
  | 'blanks-in-messages'
  | 'broken-continuations'
  | 'chain-offsets'
  | 'chained-actions'
  | 'colon-blanks'
  | 'continued-comments'
  | 'count-of-connection-facts'
  | 'count-of-scalars'
  | 'ctl-debug-log-level'
  | 'ctl-multipart'
  | 'ctl-patterns'
  | 'ctl-response-body-access'
  | 'default-block'
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
  | 'kept-uploads-without-directory'
  | 'links-without-actions'
  | 'namespaces'
  | 'negative-transformations'
  | 'persistent-variables'
  | 'programs'
  | 'quoted-assignments-with-commas'
  | 'quoted-ranges'
  | 'quoted-targets'
  | 'relevant-uploads'
  | 'repeated-defaults'
  | 'single-quoted-operators'
  | 'unknown-collections'
  | 'unknown-macros'
  | 'unquoted-pipes'
  | 'updates-of-unknown-rules'
  | 'version-1-cookies';

export interface Behaviour {
  readonly compatibility: Compatibility;
  readonly refuses: ReadonlySet<Refusal>;
  /** Lower-case names of directives, operators (`@x`), transformations (`t:x`), variables (`$x`) and actions (`!x`). */
  readonly unknown: ReadonlySet<string>;

  /** MODSEC_BUILD. */
  readonly build: string;

  // How text is read.
  /** A quoted value that is not closed is an error, or goes to the end of the action list. */
  readonly unclosedValues: 'refused' | 'rest-of-list';
  /** A blank ends the unquoted value of an action, or is part of it. */
  readonly blanksInValues: 'separate' | 'kept';
  readonly emptyOperators: 'refused' | 'match-always';
  /** What a backslash at the line end leaves behind inside an operator. */
  readonly joinedOperators: 'indent-kept' | 'indent-dropped' | 'as-written';
  /** `\'` in quoted values of actions. */
  readonly quotesInValues: 'unescaped' | 'kept';
  readonly quotedSelectors: 'unquoted' | 'kept';
  readonly quotedMarkers: 'unquoted' | 'kept';
  readonly quotedAssignments: 'refused' | 'kept';
  /** A comma between targets separates them, or belongs to the key in front of it. */
  readonly targetCommas: 'separate' | 'in-key';
  /** An action list that is still open at the end of its line. */
  readonly openLists: 'refused' | 'end-with-line';
  /** What stands behind `#` behind the value of a setting. */
  readonly trailingComments: 'refused' | 'ignored';
  readonly emptyGlobs: 'refused' | 'ignored';
  /** `ip.name` in the place of a target. */
  readonly dottedTargets: 'refused' | 'keys';

  // How rules are read.
  readonly largestId: number;
  readonly severities: 'known' | 'any-number' | 'anything';
  readonly phaseZero: 'refused' | 'never-runs';
  readonly singleQuotedOperators: 'unquoted' | 'never-match';
  readonly logsRulesWithoutId: boolean;
  /** Rules that may do without an id; they count as rule 0. */
  readonly withoutId: 'none' | 'actions' | 'all';
  readonly linkMetadata: 'refused' | 'ignored';
  /** `status` in a link of a chain. */
  readonly linkStatus: 'ignored' | 'last-holds';
  /** A chain that the file ends inside. */
  readonly unfinishedChains: 'refused' | 'never-match';
  readonly requestBodyUnset: boolean;
  readonly redirectStatus: 'redirects' | 'any-3xx';
  /** One set of default actions for each phase, or the last one for all; or wherever it stands. */
  readonly defaultActions: 'per-phase' | 'shared' | 'anywhere';
  readonly inheritsDisruptive: boolean;
  /** Phases whose rules are logged unless they say otherwise. */
  readonly loggedPhases: readonly number[];
  /** Whether a SecAction without msg is ever logged. */
  readonly logsSilentActions: boolean;
  readonly phaseWithoutAction: 'default-action' | 1 | 2;
  /** Blanks in front of an operator's argument, and behind it. */
  readonly operatorBlanks: 'leading-trimmed' | 'kept' | 'trimmed';
  readonly operatorQuotes: 'unescaped' | 'kept';
  readonly operatorBackslashes: 'kept' | 'halved';
  readonly unknownOperators: 'refused' | 'patterns';
  readonly invalidPatterns: 'refused' | 'never-match';
  readonly patternMacros: 'raw' | 'escaped' | 'none';
  readonly phraseMacros: 'expanded' | 'none';
  /** A macro without a value leaves nothing, or what stands between its braces. */
  /** `%{TX:/x/}`: the key as it stands, or the first key that the pattern finds. */
  readonly macroKeys: 'literal' | 'patterns';
  readonly undefinedMacros: 'empty' | 'name';
  /** Whether a `%` right behind `}` belongs to the macro, unless another one begins there. */
  readonly macroEnd: 'brace' | 'brace-percent';
  readonly invalidCtl: 'refused' | 'ignored';
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
  /** How updates and ctl compare keys. */
  readonly exclusionKeys: 'any-case' | 'exact';
  /** `!ARGS:/x/` takes elements of ARGS, or of all variables that a rule names. */
  readonly patternExclusions: 'own-variable' | 'all-variables';
  readonly ctlTargetRanges: 'all-ids' | 'first-id';

  // How rules run.
  readonly engineUnset: 'Off' | 'DetectionOnly' | 'On';
  /** WEBAPPID without SecWebAppId. */
  readonly webAppIdUnset: 'default' | '';
  /** Persistent collections that nobody has opened: rules can write to them, for their transaction. */
  readonly unopenedCollections: 'nothing' | 'usable';
  /** `RESOURCE:name`, or `RESOURCE:key::application::name`. */
  readonly persistentNames: 'plain' | 'keyed';
  /** A variable that expires now is gone for other transactions, or for this one too. */
  readonly expiry: 'next-transaction' | 'at-once';
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
  /** `all-empty`: also groups behind the last one that took part. */
  readonly missingCaptures: 'empty' | 'absent' | 'all-empty';
  readonly capturesAtStart: 'absent' | 'empty';
  readonly multiMatchWithoutSteps: 'one-test' | 'never';
  readonly counterFloor: 'zero' | 'none';
  /** `+5abc` adds 5, or is text. */
  readonly arithmetic: 'leading-digits' | 'signed-digits' | 'whole-numbers';
  /** `setvar:tx.x`, or also `setvar:tx:x`. */
  readonly assignmentSeparator: 'dot' | 'dot-or-colon';
  readonly ctlOfFailedChain: 'carried-out' | 'dropped';
  readonly countsBehindCtl: 'lowered' | 'kept';
  readonly countExclusions: 'kept' | 'lowered';

  // What rules see of the request.
  readonly leadingSlashes: 'collapsed' | 'kept';
  readonly requestUri: 'raw' | 'decoded' | 'escaped-again';
  /** A target with a broken escape in its path is split all the same, or all of it is the path. */
  readonly brokenTargets: 'split' | 'whole';
  readonly requestFilename: 'raw' | 'decoded';
  /** What REQUEST_BASENAME of `/a/b/` is. */
  readonly basename: 'behind-separator' | 'whole-if-empty' | 'needs-separator';
  readonly queryUnset: 'no-target' | 'empty';
  readonly pathInfo: 'path' | 'no-target';
  readonly authType: 'scheme' | 'no-target';
  readonly bodyLengthUnset: '' | '0';
  readonly filesSizeUnset: '' | '0';
  readonly argsSizeUnset: '' | '0';
  readonly multipartUnset: '' | '0';
  readonly bodyLength: 'any-body' | 'read-body';
  readonly fullRequest: 'text' | 'empty';
  readonly sessionUnset: 'empty' | 'no-target';
  readonly ruleSeverity: 'number' | 'name';
  readonly argsOrder: 'arrival' | 'grouped';
  readonly emptyArguments: 'kept' | 'dropped';
  /** How an element with an empty key is named. */
  readonly emptyKeys: 'with-colon' | 'bare';
  readonly urlencodedError: 'flagged' | 'path-only';
  readonly argumentsLimit: 'error' | 'silent';
  readonly headerBlanks: 'trimmed' | 'kept';
  readonly serverName: 'host' | 'host-and-port';
  readonly cookieBlanks: 'kept' | 'trimmed-around';
  readonly timeFormat: 'clock' | 'stamp';
  /** DURATION: whole microseconds, or seconds with six decimals. */
  readonly duration: 'microseconds' | 'seconds';
  readonly responseStatusUnset: '' | '0';
  readonly statusLineUnset: 'empty' | 'no-target';
  readonly responseType: 'essence' | 'as-sent';
  readonly countNames: 'collection' | 'as-written';
  readonly scalarNames: 'canonical' | 'as-written';
  readonly nulInNames: 'byte' | 'escaped';

  // Bodies.
  readonly requestBody: 'forms' | 'always';
  readonly forcedBody: 'raw' | 'form';
  /** How a Content-Type selects a processor; `raw-prefix` counts blanks in front of it. */
  readonly formTypes: 'prefix' | 'raw-prefix' | 'equal';
  readonly jsonRoot: string;
  readonly jsonArrays: 'array_N' | 'N' | 'repeat';
  readonly jsonArgsPost: boolean;
  readonly jsonDepth: 'counts-root' | 'below-root';
  readonly jsonEmptyKeys: 'named' | 'kept';
  /** `gjson` goes on behind some mistakes, takes any bytes, and counts the elements of arrays. */
  readonly jsonReader: 'strict' | 'gjson';
  /** ctl:requestBodyProcessor of a name that nobody knows. */
  readonly unknownProcessors: 'refused' | 'body-error';
  /** REQUEST_BODY of a body that has gone into arguments, files or a document. */
  readonly containerText: 'no-target' | 'empty';
  readonly xmlName: 'xpath' | 'bare' | 'request-xpath';
  /** A document for XPath, or texts and attribute values as Go's decoder finds them. */
  readonly xmlReader: 'document' | 'go';
  readonly xmlEmptyBody: 'nothing' | 'error';
  /** Whether DTDs and schemas of rules can be used without SecXmlExternalEntity. */
  readonly xmlGrammars: 'always' | 'with-external-entities';
  readonly unmatchedBoundary: 'foreign-lines' | 'final-counts' | 'no-target';
  readonly multipartReader: 'modsecurity' | 'go';
  /** How the elements of FILES are called, and whether values of fields count as files' bytes. */
  readonly fileKeys: 'fields' | 'go';
  readonly multipartFaults: 'error' | 'invalid-part';
  /** Whether uploads have paths because an @inspectFile may want one. */
  readonly inspectedUploads: 'named' | 'unnamed';
  /** What it means to pass SecUploadFileLimit. */
  readonly fileLimit: 'flag' | 'error';
  readonly duplicatePartHeaders: 'refused' | 'first-holds';
  /** `filename=""` makes a file, or an argument. */
  readonly emptyFileNames: 'file' | 'argument';
  readonly emptyPartNames: 'kept' | 'refused';
  readonly fileNames: 'both' | 'plain';
  /** Whether arguments of multipart bodies keep the ends of their lines. */
  readonly multipartLines: 'kept' | 'joined';
  readonly requestLimitStatus: number;
  /** What passes SecRequestBodyNoFilesLimit is answered, flagged, or not looked at. */
  readonly noFilesLimit: 'rejects' | 'flags' | 'ignored';
  /** What of a body over the limit rules see in DetectionOnly, or (nothing) without a limit action. */
  readonly bodyOverLimit: 'beginning' | 'nothing';
  readonly responseLimitStatus: number;
  /** Which response bodies are held against their limit. */
  readonly responseLimit: 'inspected' | 'all';
  readonly bodyPhases: 'always' | 'with-access';
  readonly responseTypes: readonly string[] | 'all';
  readonly responseTypeLists: 'add-up' | 'last-holds';
  /** Whether a body of exactly the limit passes it. */
  readonly bodyAtLimit: 'fits' | 'passes';
  readonly statusLine: 'status' | 'empty';

  // Values.
  readonly patternLines: 'one' | 'many';
  readonly phraseNotation: 'snort' | 'snort-without-blanks' | 'blanks-only';
  readonly phraseLines: 'trimmed' | 'as-written';
  /** What may not stand beside a word of @containsWord. */
  readonly wordNeighbours: 'letters-digits' | 'letters';
  readonly utf8Ceiling: '10ffff' | '13ffff';
  /** What @pm shows and captures. */
  readonly phraseFound: 'automaton-path' | 'leftmost-longest';
  readonly reversedByteRanges: 'refused' | 'empty';
  readonly brokenAddresses: 'refused' | 'ignored';
  readonly addressComments: 'anywhere' | 'whole-lines';
  readonly mappedAddresses: 'ipv6' | 'ipv4';
  readonly geoLookup: 'database' | 'always';
  /** What `capture` keeps of @rbl in TX.0. */
  readonly rblCapture: 'message' | 'value';
  /** What GEO shows of a legacy database: codes of regions and exact coordinates, or names and floats. */
  readonly geoRecords: 'modsecurity2' | 'libmodsecurity';
  readonly numbers: 'atoll' | 'atoi' | 'whole';
  readonly base64: 'prefix' | 'all-or-nothing';
  readonly htmlEntities: 'superset' | 'modsecurity2' | 'modsecurity3' | 'html5';
  readonly c2: 'whole-pair' | 'deleted' | 'kept';
  /** Text is bytes, or code points with U+FFFD for each byte that is none. */
  readonly letters: 'bytes' | 'code-points';
  readonly brokenHex: 'decoded' | 'kept';
  readonly octalEscapes: 'numbers' | 'nul';
  readonly tripleDots: 'removed' | 'kept';
  readonly windowsSegments: 'as-they-are' | 'trimmed';
  /** t:base64DecodeExt: which digits there are, and whether `=` ends them. */
  readonly base64Ext: 'standard' | 'url-safe';
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
