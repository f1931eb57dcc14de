// What the directives of a rule set switch, with the defaults in one place.
//
// Defaults follow ModSecurity v2 where the engines differ; where a default is ours the reason stands
// beside it.

import { BEHAVIOURS, type Behaviour } from './compatibility.ts';

export type EngineMode = 'On' | 'Off' | 'DetectionOnly';
export type AuditEngineMode = 'On' | 'Off' | 'RelevantOnly';
export type LimitAction = 'Reject' | 'ProcessPartial';
export type XmlIntoArgs = 'Off' | 'On' | 'OnlyArgs';

export interface AuditLogSettings {
  /** A file, or the URL that HTTPS posts to; undefined: nothing is written. */
  readonly path: string | undefined;
  /** A second index of concurrent logs. */
  readonly secondPath: string | undefined;
  readonly type: 'Serial' | 'Concurrent' | 'HTTPS';
  /** JSONLegacy is the layout of ModSecurity v2. */
  readonly format: 'Native' | 'JSON' | 'JSONLegacy';
  readonly storageDir: string | undefined;
  readonly dirMode: number;
  readonly fileMode: number;
}

export interface DebugLogSettings {
  readonly path: string | undefined;
  /** 0 to 9; 0 writes nothing. */
  readonly level: number;
}

export interface Settings {
  /** Which engine's ways are followed where engines differ. */
  readonly behaviour: Behaviour;
  readonly ruleEngine: EngineMode;
  readonly requestBodyAccess: boolean;
  readonly requestBodyLimit: number;
  readonly requestBodyNoFilesLimit: number;
  readonly requestBodyLimitAction: LimitAction;
  readonly requestBodyJsonDepthLimit: number;
  readonly responseBodyAccess: boolean;
  readonly responseBodyLimit: number;
  readonly responseBodyLimitAction: LimitAction;
  /** Lower-case types without parameters; undefined: every type. */
  readonly responseBodyMimeTypes: readonly string[] | undefined;
  readonly argumentSeparator: string;
  readonly argumentsLimit: number;
  readonly cookieFormat: 0 | 1;
  readonly cookieV0Separator: string;
  readonly uploadFileLimit: number;
  readonly uploadKeepFiles: 'On' | 'Off' | 'RelevantOnly';
  /** Where kept uploads go; undefined: nowhere. */
  readonly uploadDir: string | undefined;
  readonly uploadFileMode: number;
  readonly tmpSaveUploadedFiles: boolean;
  /** Some rule has an @inspectFile. */
  readonly inspectsUploads: boolean;
  /** Where uploads are while their transaction runs; undefined: where the system has temporary files. */
  readonly tmpDir: string | undefined;
  readonly collectionTimeoutSeconds: number;
  readonly parseXmlIntoArgs: XmlIntoArgs;
  readonly auditEngine: AuditEngineMode;
  readonly auditLogParts: string;
  /** Pattern on the three-digit status; undefined: no status is relevant. */
  readonly auditLogRelevantStatus: string | undefined;
  readonly auditLog: AuditLogSettings;
  readonly debugLog: DebugLogSettings;
  readonly componentSignatures: readonly string[];
  readonly sensorId: string;
  readonly webAppId: string;
  readonly serverSignature: string;
  /** 65,536 entries, -1 where unmapped. */
  readonly unicodeMap: Int32Array | undefined;
  /** Directives that this engine keeps for the parts that read them: name in lower case -> arguments. */
  readonly other: ReadonlyMap<string, readonly (readonly string[])[]>;
}

export const DEFAULT_SETTINGS: Settings = Object.freeze({
  behaviour: BEHAVIOURS.portcullis,
  ruleEngine: 'Off',
  requestBodyAccess: false,
  requestBodyLimit: 134_217_728,
  requestBodyNoFilesLimit: 1_048_576,
  requestBodyLimitAction: 'Reject',
  // v2 and v3 allow 10,000; a parser that names every value by its path is better off with less, and
  // no application needs more.
  requestBodyJsonDepthLimit: 1024,
  responseBodyAccess: false,
  responseBodyLimit: 524_288,
  responseBodyLimitAction: 'Reject',
  responseBodyMimeTypes: Object.freeze(['text/plain', 'text/html']),
  argumentSeparator: '&',
  argumentsLimit: 1000,
  cookieFormat: 0,
  cookieV0Separator: ';',
  uploadFileLimit: 100,
  uploadKeepFiles: 'Off',
  uploadDir: undefined,
  uploadFileMode: 0o600,
  tmpSaveUploadedFiles: false,
  inspectsUploads: false,
  tmpDir: undefined,
  collectionTimeoutSeconds: 3600,
  parseXmlIntoArgs: 'Off',
  auditEngine: 'Off',
  auditLogParts: 'ABCFHZ',
  auditLogRelevantStatus: undefined,
  auditLog: Object.freeze({
    path: undefined,
    secondPath: undefined,
    type: 'Serial',
    format: 'Native',
    storageDir: undefined,
    dirMode: 0o750,
    fileMode: 0o640,
  }),
  debugLog: Object.freeze({ path: undefined, level: 0 }),
  componentSignatures: Object.freeze([]),
  sensorId: '',
  webAppId: 'default',
  serverSignature: '',
  unicodeMap: undefined,
  other: new Map(),
});
