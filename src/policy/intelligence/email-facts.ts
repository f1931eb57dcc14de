// What is known of an email address: whether its domain hands out throw-away addresses, whether it is in a
// data leak, and its fraud score.

import { asciiLower } from '../../base/ascii.ts';
import type { ByteString } from '../../base/bytes.ts';
import { encodeHex } from '../../base/hex.ts';
import { md5 } from '../../base/md5.ts';
import { sha1 } from '../../base/sha1.ts';
import { sha256 } from '../../base/sha256.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { type Email, parseEmail } from '../attribution/email.ts';
import {
  type DataFile,
  type FileContext,
  type Loaded,
  loadDataFile,
  shortName,
} from './data-file.ts';
import { type Fact, firstKnown, known, unknown } from './fact.ts';
import { cellsOf, linesOf } from './lines.ts';
import type { IntelligenceResources, Locate } from './resources.ts';
import type { IntelligenceOptions } from './schema.ts';

/** Never throw. */
export interface EmailFacts {
  readonly isDisposable: (email: Email) => Fact<boolean>;
  readonly isLeaked: (email: Email) => Fact<boolean>;
  /** 0 to 100; higher is worse. */
  readonly fraudScore: (email: Email) => Fact<number>;
}

/** A list that says yes, or says nothing. */
interface Membership {
  readonly name: string;
  readonly loaded: Loaded<(email: Email) => boolean>;
}

const DOMAIN = /^(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}$/;
const PACKAGE = 'disposable-email-domains-js';

export function loadEmailFacts(
  options: IntelligenceOptions,
  { readFile, disposableDomains }: IntelligenceResources,
  locate: Locate,
  report: (diagnostic: Diagnostic) => void,
): EmailFacts {
  const context: FileContext = { readFile, report };
  const files = (
    section: 'disposableDomains' | 'leakedEmails',
    parse: (file: DataFile) => (email: Email) => boolean,
  ): readonly Membership[] =>
    (options[section]?.files ?? []).map((path, index) => ({
      name: shortName(path),
      loaded: loadDataFile(path, locate(options, [section, 'files', index]), context, parse),
    }));
  const packaged: readonly Membership[] = options.disposableDomains.package
    ? [{ name: PACKAGE, loaded: { on: true, data: inDomains(new Set(disposableDomains())) } }]
    : [];
  const disposable = [...packaged, ...files('disposableDomains', parseDomains)];
  const leaked = files('leakedEmails', parseLeaks);
  const scores = options.emailFraudScores;
  const scored =
    scores === undefined
      ? undefined
      : {
          name: shortName(scores.file),
          loaded: loadDataFile(
            scores.file,
            locate(options, ['emailFraudScores', 'file']),
            context,
            parseScores,
          ),
        };
  return {
    isDisposable: (email) => isMember(disposable, email, 'disposable domains'),
    isLeaked: (email) => isMember(leaked, email, 'leaked email addresses'),
    fraudScore: (email) => {
      if (scored === undefined) return unknown('not-configured', 'no source of fraud scores');
      if (!scored.loaded.on) return scored.loaded.why;
      const score = scored.loaded.data(email);
      return score === undefined
        ? unknown('not-in-data', `not in ${scored.name}`)
        : known(score, scored.name);
    },
  };
}

/** No list's silence counts while another one, which might have spoken, is off. */
function isMember(lists: readonly Membership[], email: Email, what: string): Fact<boolean> {
  const nobody = unknown('not-configured', `no source of ${what} is configured`);
  let silent: string | undefined;
  for (const { name, loaded } of lists) {
    if (!loaded.on) continue;
    if (loaded.data(email)) return known(true, name);
    silent = name;
  }
  const off = lists.flatMap(({ loaded }) => (loaded.on ? [] : [loaded.why]));
  if (off.length > 0 || silent === undefined) return firstKnown(off, nobody);
  return known(false, silent);
}

/** The domain or one that it is below: who has a domain has all names in it. */
function inDomains(domains: ReadonlySet<string>): (email: Email) => boolean {
  return ({ domain }) => {
    let rest = domain;
    while (rest.includes('.')) {
      if (domains.has(rest)) return true;
      rest = rest.slice(rest.indexOf('.') + 1);
    }
    return false;
  };
}

function parseDomains(file: DataFile): (email: Email) => boolean {
  const domains = new Set<string>();
  for (const { text, start } of linesOf(file.text)) {
    if (file.isTooWrong()) break;
    const domain = asciiLower(text.replace(/^@/, ''));
    if (DOMAIN.test(domain)) domains.add(domain);
    else file.wrong(`"${text}" is no domain name`, start, start + text.length);
  }
  return inDomains(domains);
}

const HEX = /^[0-9a-f]+$/;
const DIGESTS: Readonly<Record<number, (text: ByteString) => ByteString>> = Object.freeze({
  32: md5,
  40: sha1,
  64: sha256,
});

function parseLeaks(file: DataFile): (email: Email) => boolean {
  const entries = new Set<string>();
  const lengths = new Set<number>();
  for (const { text, start } of linesOf(file.text)) {
    if (file.isTooWrong()) break;
    // Lists of hashes often tell behind a colon how many leaks an entry is in.
    const entry = asciiLower(text.replace(/:\d+$/, ''));
    const isDigest = DIGESTS[entry.length] !== undefined && HEX.test(entry);
    const email = isDigest ? undefined : parseEmail(entry)?.address;
    if (isDigest) {
      lengths.add(entry.length);
      entries.add(entry);
    } else if (email !== undefined) entries.add(email);
    else {
      const message = `"${text}" is neither an email address nor a SHA-256, SHA-1 or MD5 of one`;
      file.wrong(message, start, start + text.length);
    }
  }
  return ({ address }) =>
    entries.has(address) ||
    [...lengths].some((length) => entries.has(encodeHex(DIGESTS[length]!(address))));
}

function parseScores(file: DataFile): (email: Email) => number | undefined {
  const scores = new Map<string, number>();
  let isFirst = true;
  for (const { text, start } of linesOf(file.text)) {
    if (file.isTooWrong()) break;
    const end = start + text.length;
    const [who = '', score = '', ...rest] = cellsOf(text) ?? [];
    const isHeading = isFirst && /^(?:email|address|domain)$/i.test(who);
    isFirst = false;
    if (isHeading) continue;
    const name = parseEmail(who)?.address ?? asciiLower(who.replace(/^@/, ''));
    if (rest.length > 0 || (!name.includes('@') && !DOMAIN.test(name))) {
      file.wrong('the line is not address,score or domain,score', start, end);
    } else if (!/^\d{1,3}(?:\.\d{1,6})?$/.test(score) || Number(score) > 100) {
      file.wrong(`"${score}" is no score, expected a number from 0 to 100`, start, end);
    } else scores.set(name, Number(score));
  }
  return ({ address, domain }) => scores.get(address) ?? scores.get(domain);
}
