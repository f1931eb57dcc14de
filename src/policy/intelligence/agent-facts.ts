// What a User-Agent field tells by itself: bots and vulnerability scanners that say who they are.
//
// Thousands of words are looked for in one pass; the few patterns that are no plain words run as automata.

import { type AhoCorasick, buildAhoCorasick } from '../../base/aho-corasick.ts';
import { type ByteString, utf8ByteString } from '../../base/bytes.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { type Matcher, MatchLimitError, OperatorArgumentError } from '../../model/operator.ts';
import {
  type DataFile,
  type FileContext,
  type Loaded,
  loadDataFile,
  shortName,
} from './data-file.ts';
import { type Fact, firstKnown, known, unknown } from './fact.ts';
import { linesOf } from './lines.ts';
import type { IntelligenceResources, KnownAgent, Locate } from './resources.ts';
import { SCANNER_AGENTS } from './scanners.data.ts';
import type { IntelligenceOptions } from './schema.ts';

/** Never throw. The value is a byte string; undefined when the request has none. */
export interface AgentFacts {
  readonly isBot: (userAgent: ByteString | undefined) => Fact<boolean>;
  readonly isScanner: (userAgent: ByteString | undefined) => Fact<boolean>;
}

type AgentTest = (userAgent: ByteString) => boolean;

interface AgentList {
  readonly name: string;
  readonly loaded: Loaded<AgentTest>;
}

const PACKAGE = 'crawler-user-agents';
const OWN_SCANNERS = 'the built-in list of scanners';

/** The builds of phones that the package takes for one service's crawler are in users' hands. */
const NOT_BOTS: ReadonlySet<string> = new Set(['AP3A\\.240617\\.008']);

/**
 * Apps and services are built on libraries like okhttp and axios: that somebody uses one makes no bot.
 */
function isBotEntry({ pattern, tags }: KnownAgent): boolean {
  return !NOT_BOTS.has(pattern) && !(tags.length === 1 && tags[0] === 'http-library');
}

export function loadAgentFacts(
  options: IntelligenceOptions,
  resources: IntelligenceResources,
  locate: Locate,
  report: (diagnostic: Diagnostic) => void,
): AgentFacts {
  const { readFile, compilePattern, knownAgents } = resources;
  const context: FileContext = { readFile, report };
  const lists = (
    section: 'bots' | 'scanners',
    packaged: string,
    build: () => AgentTest,
  ): readonly AgentList[] => [
    ...(options[section].package
      ? [{ name: packaged, loaded: { on: true, data: build() } as const }]
      : []),
    ...options[section].files.map((path, index) => ({
      name: shortName(path),
      loaded: loadDataFile(path, locate(options, [section, 'files', index]), context, (file) =>
        parseAgents(file, compilePattern),
      ),
    })),
  ];
  const bots = lists('bots', PACKAGE, () =>
    patternsTest(
      knownAgents()
        .filter(isBotEntry)
        .map(({ pattern }) => utf8ByteString(pattern)),
      compilePattern,
    ),
  );
  const scanners = lists('scanners', OWN_SCANNERS, () => wordsTest(SCANNER_AGENTS, true));
  return {
    isBot: (userAgent) => isListed(bots, userAgent, 'bots'),
    isScanner: (userAgent) => isListed(scanners, userAgent, 'scanners'),
  };
}

function isListed(
  lists: readonly AgentList[],
  userAgent: ByteString | undefined,
  what: string,
): Fact<boolean> {
  const nobody = unknown('not-configured', `no list of ${what} is configured`);
  if (lists.length === 0) return nobody;
  if (userAgent === undefined) return unknown('no-input', 'the request has no User-Agent');
  for (const { name, loaded } of lists) {
    if (loaded.on && loaded.data(userAgent)) return known(true, name);
  }
  const off = lists.flatMap(({ loaded }) => (loaded.on ? [] : [loaded.why]));
  return off.length > 0 ? firstKnown(off, nobody) : known(false, lists[0]!.name);
}

function wordsTest(words: readonly string[], caseless: boolean): AgentTest {
  const machine: AhoCorasick = buildAhoCorasick(words, { caseless });
  return machine.test;
}

/** The word that a pattern without operators stands for. */
function plainWord(pattern: string): string | undefined {
  if (/\\[0-9A-Za-z]/.test(pattern)) return undefined;
  if (/[[\](){}*+?|^$.]/.test(pattern.replace(/\\./g, ''))) return undefined;
  return pattern.replace(/\\(.)/g, '$1');
}

function patternsTest(
  patterns: readonly string[],
  compilePattern: (pattern: string) => Matcher,
): AgentTest {
  const hasWord = wordsTest(
    patterns.flatMap((pattern) => plainWord(pattern) ?? []),
    false,
  );
  const others = patterns.filter((pattern) => plainWord(pattern) === undefined);
  if (others.length === 0) return hasWord;
  const matcher = compilePattern(others.map((pattern) => `(?:${pattern})`).join('|'));
  return (userAgent) => hasWord(userAgent) || matches(matcher, userAgent);
}

function matches(matcher: Matcher, userAgent: ByteString): boolean {
  try {
    return matcher.test(userAgent);
  } catch (error) {
    // Nobody's honest user agent takes that long: whatever sent it, no person did.
    if (error instanceof MatchLimitError) return true;
    throw error;
  }
}

function parseAgents(
  file: DataFile,
  compilePattern: IntelligenceResources['compilePattern'],
): AgentTest {
  const words: string[] = [];
  const matchers: Matcher[] = [];
  for (const { text, start } of linesOf(file.text)) {
    if (file.isTooWrong()) break;
    const pattern = /^\/(.+)\/$/.exec(text)?.[1];
    if (pattern === undefined) {
      words.push(text);
      continue;
    }
    try {
      matchers.push(compilePattern(pattern, { caseless: true }));
    } catch (error) {
      if (!(error instanceof OperatorArgumentError)) throw error;
      const at = start + 1 + (error.offset ?? 0);
      file.wrong(`the pattern has a mistake: ${error.message}`, at, at + (error.length ?? 1));
    }
  }
  const hasWord = wordsTest(words, true);
  return (userAgent) =>
    hasWord(userAgent) || matchers.some((matcher) => matches(matcher, userAgent));
}
