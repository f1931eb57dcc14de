// What operators find in other directives: lists written into the rules, the GeoIP database, the key of a block list.
//
// They are gathered before any rule is checked, so it does not matter whether the directive or the rule
// comes first.

import { asciiTrim } from '../base/ascii.ts';
import type { FileAccess } from '../model/files.ts';
import type { GeoDatabase, OperatorContext } from '../model/operator.ts';
import type { Directive, SettingDirective } from '../seclang/ast.ts';
import type { Report } from './report.ts';

export interface OperatorData {
  /** The lines of the SecDataset of that name. */
  readonly dataset: (name: string) => readonly string[] | undefined;
  readonly geoDatabase: GeoDatabase | undefined;
  /** Of Project Honey Pot. */
  readonly httpBlKey: string | undefined;
  readonly loadXmlGrammar: OperatorContext['loadXmlGrammar'];
}

export interface OperatorDataContext {
  readonly files: FileAccess;
  readonly report: Report;
  /** A text: why the bytes are no database that can be read. */
  readonly openGeoDatabase: (bytes: string) => GeoDatabase | string;
  readonly loadXmlGrammar: OperatorContext['loadXmlGrammar'];
}

export function collectOperatorData(
  directives: readonly Directive[],
  context: OperatorDataContext,
): OperatorData {
  const datasets = new Map<string, readonly string[]>();
  let geo: SettingDirective | undefined;
  let key: SettingDirective | undefined;
  for (const directive of directives) {
    if (directive.type !== 'setting') continue;
    const name = directive.name.toLowerCase();
    if (name === 'secdataset') addDataset(directive, datasets, context.report);
    if (name === 'secgeolookupdb') geo = directive;
    if (name === 'sechttpblkey') key = directive;
  }
  return Object.freeze({
    dataset: (name: string) => datasets.get(name),
    geoDatabase: geo === undefined ? undefined : readGeoDatabase(geo, context),
    httpBlKey: key === undefined ? undefined : readListKey(key, context),
    loadXmlGrammar: context.loadXmlGrammar,
  });
}

/** It becomes the first label of a DNS name. */
function readListKey(
  { arguments: [word] }: SettingDirective,
  { report }: OperatorDataContext,
): string | undefined {
  if (word === undefined) return undefined;
  if (/^[a-z]{12}$/i.test(word.text)) return word.text.toLowerCase();
  report.error({
    code: 'bad-list-key',
    message: `"${word.text}" is not a key of Project Honey Pot`,
    span: word.span,
    help: 'a key is twelve letters, such as abcdefghijkl',
  });
  return undefined;
}

function addDataset(
  directive: SettingDirective,
  datasets: Map<string, readonly string[]>,
  report: Report,
): void {
  const [name, list] = directive.arguments;
  if (name === undefined || list === undefined) return;
  if (datasets.has(name.text)) {
    report.warning({
      code: 'dataset-redefined',
      message: `the dataset "${name.text}" is given again; the last one holds for all rules`,
      span: name.span,
    });
  }
  const lines = list.text.split('\n').map(asciiTrim);
  datasets.set(
    name.text,
    Object.freeze(lines.filter((line) => line !== '' && !line.startsWith('#'))),
  );
}

function readGeoDatabase(
  directive: SettingDirective,
  { files, report, openGeoDatabase }: OperatorDataContext,
): GeoDatabase | undefined {
  const [path] = directive.arguments;
  if (path === undefined) return undefined;
  const bytes =
    files.read(files.resolve(directive.span.source.name, path.text)) ?? files.read(path.text);
  const database = bytes === undefined ? 'there is no such file' : openGeoDatabase(bytes);
  if (typeof database !== 'string') return database;
  report.error({
    code: 'bad-geo-database',
    message: `the GeoIP database "${path.text}" cannot be read: ${database}`,
    span: path.span,
    help: 'name a City or Country database of MaxMind, such as GeoLite2-City.mmdb or GeoIPCity.dat',
  });
  return undefined;
}
