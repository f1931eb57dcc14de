// What rules are checked with on this machine: its files, PCRE2, GeoIP databases, XML grammars, Lua.

import { createLocator } from '../diagnostics/position.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { FileAccess } from '../model/files.ts';
import type { Memo } from '../model/memo.ts';
import type { PatternOptions } from '../model/operator.ts';
import { compilePattern } from '../regex/matcher.ts';
import { createPcre2, type Pcre2 } from '../regex/pcre2.ts';
import type { CheckContext } from '../ruleset/context.ts';
import { createLibrary, type LibraryExtension } from '../ruleset/library.ts';
import { collectOperatorData } from '../ruleset/operator-data.ts';
import { type CollectedReport, createReport } from '../ruleset/report.ts';
import type { Directive } from '../seclang/ast.ts';
import { pcre2Bytes } from './files.ts';
import { openGeoDatabaseOfRules } from './geo-database.ts';
import { LuaScripts } from './lua-scripts.ts';
import { XmlGrammars } from './xml-grammars.ts';

export interface CheckContextOptions {
  readonly behaviour: Behaviour;
  readonly files: FileAccess;
  readonly extension?: LibraryExtension | undefined;
  readonly memo?: Memo | undefined;
  readonly programs?: readonly string[] | undefined;
}

export interface ReportingContext extends CheckContext {
  readonly report: CollectedReport;
}

/** A context for one check of these directives, with a report of its own. */
export function createCheckContext(
  directives: readonly Directive[],
  { behaviour, files, extension, programs, memo }: CheckContextOptions,
): ReportingContext {
  const report = createReport();
  const pcre2 = lazyPcre2();
  return {
    behaviour,
    memo,
    library: createLibrary(extension),
    report,
    files,
    locator: createLocator(),
    operatorData: collectOperatorData(directives, {
      files,
      report,
      openGeoDatabase: openGeoDatabaseOfRules,
      loadXmlGrammar: new XmlGrammars().load,
    }),
    loadScript: new LuaScripts().load,
    programs,
    compilePattern: (pattern, options: PatternOptions = {}) =>
      compilePattern(pattern, { ...options, pcre2, memo }),
  };
}

/** Loads PCRE2 when the first pattern needs it; most rule sets never do. */
function lazyPcre2(): () => Pcre2 {
  let instance: Pcre2 | undefined;
  return () => {
    instance ??= createPcre2(pcre2Bytes());
    return instance;
  };
}
