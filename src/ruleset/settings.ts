// Reads directives that switch the engine into Settings. Values are checked here, each with its span.

import { type Behaviour, COMPATIBILITIES } from '../model/compatibility.ts';
import { DEFAULT_SETTINGS, type Settings } from '../model/settings.ts';
import type { SettingDirective, Word } from '../seclang/ast.ts';
import type { CheckContext } from './context.ts';
import { readUnicodeMap } from './unicode-map.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Draft = Mutable<Settings>;

/** A value is wrong: reported at its word, with what would be right. */
class SettingError extends Error {
  override readonly name: string = 'SettingError';
}

type Reader = (draft: Draft, words: readonly string[], context: SettingContext) => void;

interface SettingContext extends CheckContext {
  readonly directive: SettingDirective;
}

function oneOf<T extends string>(value: string, words: readonly T[]): T {
  const found = words.find((word) => word.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw new SettingError(`"${value}" is not one of ${words.join(', ')}`);
  return found;
}

const onOff = (value: string): boolean => oneOf(value, ['On', 'Off']) === 'On';

function integer(value: string, low: number, high: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < low || number > high) {
    throw new SettingError(`"${value}" is not a number from ${low} to ${high}`);
  }
  return number;
}

/** Octal permissions, or `default`. */
function fileMode(value: string, fallback: number): number {
  if (value.toLowerCase() === 'default') return fallback;
  if (!/^[0-7]{3,4}$/.test(value)) {
    throw new SettingError(`"${value}" is not an octal mode such as 0640`);
  }
  return Number.parseInt(value, 8);
}

function logPath(value: string): string {
  if (value.startsWith('|')) {
    throw new SettingError('logs are not piped into programs; name a file, or use the HTTPS type');
  }
  return value;
}

// ModSecurity's hard maximum for bodies.
const GIB = 1_073_741_824;
const LIMIT_ACTIONS = ['Reject', 'ProcessPartial'] as const;
const first = (words: readonly string[]): string => words[0] ?? '';

const READERS: Readonly<Record<string, Reader>> = {
  seccompatibility: (_draft, words) => {
    // Chosen before any directive was read (compatibility.ts).
    oneOf(first(words), COMPATIBILITIES);
  },
  secruleengine: (draft, words) => {
    draft.ruleEngine = oneOf(first(words), ['On', 'Off', 'DetectionOnly']);
  },
  secrequestbodyaccess: (draft, words) => {
    draft.requestBodyAccess = onOff(first(words));
  },
  secrequestbodylimit: (draft, words) => {
    draft.requestBodyLimit = integer(first(words), 0, GIB);
  },
  secrequestbodynofileslimit: (draft, words) => {
    draft.requestBodyNoFilesLimit = integer(first(words), 0, GIB);
  },
  secrequestbodylimitaction: (draft, words) => {
    draft.requestBodyLimitAction = oneOf(first(words), LIMIT_ACTIONS);
  },
  secrequestbodyjsondepthlimit: (draft, words) => {
    draft.requestBodyJsonDepthLimit = integer(first(words), 1, 10_000);
  },
  secresponsebodyaccess: (draft, words) => {
    draft.responseBodyAccess = onOff(first(words));
  },
  secresponsebodylimit: (draft, words) => {
    draft.responseBodyLimit = integer(first(words), 0, GIB);
  },
  secresponsebodylimitaction: (draft, words) => {
    draft.responseBodyLimitAction = oneOf(first(words), LIMIT_ACTIONS);
  },
  secresponsebodymimetype: (draft, words) => {
    // The first directive replaces the built-in list, further ones add to it (ModSecurity v2).
    const before =
      draft.responseBodyMimeTypes === initialSettings(draft.behaviour).responseBodyMimeTypes ||
      draft.behaviour.responseTypeLists === 'last-holds'
        ? []
        : (draft.responseBodyMimeTypes ?? []);
    const types = words.flatMap((word) => word.split(/[ \t]+/)).filter((type) => type !== '');
    draft.responseBodyMimeTypes = [...before, ...types.map((type) => type.toLowerCase())];
  },
  secresponsebodymimetypesclear: (draft) => {
    draft.responseBodyMimeTypes = [];
  },
  secargumentseparator: (draft, words) => {
    if (first(words).length !== 1) throw new SettingError('the separator must be one character');
    draft.argumentSeparator = first(words);
  },
  secargumentslimit: (draft, words) => {
    draft.argumentsLimit = integer(first(words), 1, 1_000_000);
  },
  seccookieformat: (draft, words) => {
    draft.cookieFormat = integer(first(words), 0, 1) as 0 | 1;
  },
  seccookiev0separator: (draft, words) => {
    if (first(words).length !== 1) throw new SettingError('the separator must be one character');
    draft.cookieV0Separator = first(words);
  },
  secuploadfilelimit: (draft, words) => {
    draft.uploadFileLimit = integer(first(words), 0, 1_000_000);
  },
  secuploaddir: (draft, words) => {
    draft.uploadDir = logPath(first(words));
  },
  secuploadfilemode: (draft, words) => {
    draft.uploadFileMode = fileMode(first(words), 0o600);
  },
  secuploadkeepfiles: (draft, words) => {
    draft.uploadKeepFiles = oneOf(first(words), ['On', 'Off', 'RelevantOnly']);
  },
  sectmpsaveuploadedfiles: (draft, words) => {
    draft.tmpSaveUploadedFiles = onOff(first(words));
  },
  sectmpdir: (draft, words) => {
    draft.tmpDir = logPath(first(words));
  },
  seccollectiontimeout: (draft, words) => {
    draft.collectionTimeoutSeconds = integer(first(words), 0, 1_000_000_000);
  },
  secparsexmlintoargs: (draft, words) => {
    draft.parseXmlIntoArgs = oneOf(first(words), ['On', 'Off', 'OnlyArgs']);
  },
  secauditengine: (draft, words) => {
    draft.auditEngine = oneOf(first(words), ['On', 'Off', 'RelevantOnly']);
  },
  secauditlogparts: (draft, words) => {
    const parts = first(words).toUpperCase();
    if (!/^[A-KZ]+$/.test(parts))
      throw new SettingError(`"${first(words)}" is not a list of parts A to K and Z`);
    draft.auditLogParts = parts;
  },
  secauditlogrelevantstatus: (draft, words, context) => {
    context.compilePattern(first(words));
    draft.auditLogRelevantStatus = first(words);
  },
  secauditlog: (draft, words) => {
    draft.auditLog = { ...draft.auditLog, path: logPath(first(words)) };
  },
  secauditlog2: (draft, words) => {
    draft.auditLog = { ...draft.auditLog, secondPath: logPath(first(words)) };
  },
  secauditlogtype: (draft, words) => {
    // Parallel is libmodsecurity's other name for Concurrent.
    const type = oneOf(first(words), ['Serial', 'Concurrent', 'Parallel', 'HTTPS']);
    draft.auditLog = { ...draft.auditLog, type: type === 'Parallel' ? 'Concurrent' : type };
  },
  secauditlogformat: (draft, words) => {
    const format = oneOf(first(words), ['Native', 'JSON', 'JSONLegacy']);
    draft.auditLog = { ...draft.auditLog, format };
  },
  secauditlogstoragedir: (draft, words) => {
    draft.auditLog = { ...draft.auditLog, storageDir: first(words) };
  },
  secauditlogdirmode: (draft, words) => {
    const { dirMode } = DEFAULT_SETTINGS.auditLog;
    draft.auditLog = { ...draft.auditLog, dirMode: fileMode(first(words), dirMode) };
  },
  secauditlogfilemode: (draft, words) => {
    const fallback = DEFAULT_SETTINGS.auditLog.fileMode;
    draft.auditLog = { ...draft.auditLog, fileMode: fileMode(first(words), fallback) };
  },
  secdebuglog: (draft, words) => {
    draft.debugLog = { ...draft.debugLog, path: logPath(first(words)) };
  },
  seccomponentsignature: (draft, words) => {
    draft.componentSignatures = [...draft.componentSignatures, first(words)];
  },
  secsensorid: (draft, words) => {
    draft.sensorId = first(words);
  },
  secserversignature: (draft, words) => {
    draft.serverSignature = first(words);
  },
  secwebappid: (draft, words) => {
    draft.webAppId = first(words);
  },
  secunicodemapfile: (draft, words, context) => {
    // `SecUnicodeMapFile file codepage`, or both in one quoted word.
    const parts = words.flatMap((word) => word.split(/[ \t]+/)).filter((part) => part !== '');
    const [path = '', codePage = '20127'] = parts;
    const { files } = context;
    const text =
      files.read(files.resolve(context.directive.span.source.name, path)) ?? files.read(path);
    if (text === undefined) throw new SettingError(`the file "${path}" cannot be read`);
    const map = readUnicodeMap(text, codePage);
    if (map === undefined)
      throw new SettingError(`the file "${path}" has no code page ${codePage}`);
    draft.unicodeMap = map;
  },
  secpcrematchlimit: (_draft, words) => {
    integer(first(words), 0, 2_147_483_647);
  },
  secpcrematchlimitrecursion: (_draft, words) => {
    integer(first(words), 0, 2_147_483_647);
  },
  secdebugloglevel: (draft, words) => {
    draft.debugLog = { ...draft.debugLog, level: integer(first(words), 0, 9) };
  },
  secconnengine: (_draft, words) => {
    oneOf(first(words), ['On', 'Off', 'DetectionOnly']);
  },
};

const CHECKED_ON_OFF = [
  'seccachetransformations',
  'seccontentinjection',
  'secdisablebackendcompression',
  'sechashengine',
  'secinterceptonerror',
  'secruleinheritance',
  'secrxprefilter',
  'secstatusengine',
  'secstreaminbodyinspection',
  'secstreamoutbodyinspection',
  'secxmlexternalentity',
];

/** What holds until a directive says otherwise. */
function initialSettings(behaviour: Behaviour): Draft {
  const { responseTypes, engineUnset, webAppIdUnset } = behaviour;
  return {
    ...DEFAULT_SETTINGS,
    behaviour,
    ruleEngine: engineUnset,
    webAppId: webAppIdUnset,
    requestBodyAccess: behaviour.requestBodyUnset,
    responseBodyMimeTypes: responseTypes === 'all' ? undefined : responseTypes,
  };
}

export interface SettingsBuilder {
  readonly add: (directive: SettingDirective) => void;
  readonly build: () => Settings;
}

/** Collects settings in load order; the last one wins unless a directive says otherwise. */
export function createSettingsBuilder(context: CheckContext): SettingsBuilder {
  const draft: Draft = initialSettings(context.behaviour);
  const other = new Map<string, (readonly string[])[]>();
  let engineNamed = false;

  function add(directive: SettingDirective): void {
    const name = directive.name.toLowerCase();
    const words = directive.arguments.map((word: Word) => word.text);
    if (name === 'secruleengine') engineNamed = true;
    const reader = READERS[name];
    try {
      if (reader !== undefined) reader(draft, words, { ...context, directive });
      else if (CHECKED_ON_OFF.includes(name)) onOff(first(words));
      const kept = other.get(name);
      if (kept === undefined) other.set(name, [words]);
      else kept.push(words);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      context.report.error({
        code: 'bad-directive-value',
        message: `${directive.name}: ${error.message}`,
        span: directive.arguments[0]?.span ?? directive.span,
      });
    }
  }

  function build(): Settings {
    if (!engineNamed && draft.ruleEngine === 'Off') {
      context.report.warning({
        code: 'engine-not-set',
        message: 'SecRuleEngine is never set, so no rule will run',
        span: undefined,
        help: 'add "SecRuleEngine On" (or DetectionOnly)',
      });
    }
    return Object.freeze({ ...draft, other });
  }

  return { add, build };
}
