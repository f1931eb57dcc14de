// Names of operators as libmodsecurity prints them: `Rx`, `PmFromFile`.

/** Those that are not simply the SecLang name with its first letter in upper case. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['streq', 'StrEq'],
  ['strmatch', 'StrMatch'],
]);

export function operatorTitle(name: string): string {
  return TITLES.get(name) ?? name.charAt(0).toUpperCase() + name.slice(1);
}
