// The cache of compiled rules on disk: what loading works out from rule texts, kept from one start to the next.
//
// There is one file for each set of texts, each version of this package and each version of V8. What is in it is found by
// digests of all that it was made from, so a file can be stale, and useless, but not wrong.

import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoadMemo, type Memo, type MemoKind } from '../model/memo.ts';
import type { Environment } from './crs-home.ts';
import { readMemoFile, writeMemoFile } from './memo-file.ts';

export interface RulesCacheOptions {
  /** Made, for its owner alone, when it is not there. Default: `rulesCacheHome()`. */
  readonly directory?: string;
  /** Told why a file does not count or could not be written; default: nobody. */
  readonly onNote?: (note: string) => void;
}

/** Handed to `loadRuleset` and `createWaf`. Never a reason for a load to fail. */
export interface RulesCache {
  readonly directory: string;
  /** `texts` choose the file. */
  readonly memoFor: (texts: readonly string[]) => Memo;
}

/** `portcullis/rules` in `XDG_CACHE_HOME`, else in `~/.cache`. */
export function rulesCacheHome(environment: Environment = process.env): string {
  const cache = environment['XDG_CACHE_HOME'];
  // The XDG specification says that a relative path is to be ignored.
  const base = cache?.startsWith('/') ? cache : join(homedir(), '.cache');
  return join(base, 'portcullis', 'rules');
}

export function openRulesCache(options: RulesCacheOptions = {}): RulesCache {
  const directory = options.directory ?? rulesCacheHome();
  const note = options.onNote ?? (() => {});
  const build = buildIdentity();
  return {
    directory,
    memoFor: (texts) => {
      const name = createHash('sha256').update(build);
      for (const text of texts) name.update(`${text.length} `).update(text, 'latin1');
      return new FileMemo(directory, `${name.digest('hex')}.memo`, note);
    },
  };
}

/** Folders of the code whose results are kept, beside this file's. */
const CODE = ['base', 'model', 'seclang', 'regex', 'library/operators', 'program'];

/** Changes with every build: a version alone would not while the code is being worked on. */
function buildIdentity(): string {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const extension = extname(import.meta.url);
  const facts = [process.versions.v8, process.arch];
  const describe = (path: string): void => {
    const { size, mtimeMs } = statSync(path);
    facts.push(`${path} ${size} ${mtimeMs}`);
  };
  for (const folder of CODE) {
    for (const name of readdirSync(join(root, folder)).sort()) {
      if (extname(name) === extension && !name.endsWith('.d.ts'))
        describe(join(root, folder, name));
    }
  }
  describe(join(root, '..', 'package.json'));
  return facts.join('\n');
}

/** Texts up to here are kept as they are, which takes less than a digest of each. */
const SHORT = 1024;

// V8 knows without a look at them that most texts have none.
const NO_BYTE = /[\u0100-\uffff]/;

function digestOf(text: string): string {
  const encoding = NO_BYTE.test(text) ? 'utf16le' : 'latin1';
  return `${encoding} ${createHash('sha256').update(text, encoding).digest('base64')}`;
}

class FileMemo implements Memo {
  readonly outlivesLoad: boolean = true;
  readonly #directory: string;
  readonly #name: string;
  readonly #note: (note: string) => void;
  #known: ReadonlyMap<string, unknown> | undefined;
  /** What this load asked for: the file's next content. */
  readonly #used = new Map<string, unknown>();
  #hasNew = false;
  /** Patterns with macros are compiled while requests come in; those are not kept. */
  #isSettled = false;
  readonly #trees = createLoadMemo();

  constructor(directory: string, name: string, note: (note: string) => void) {
    this.#directory = directory;
    this.#name = name;
    this.#note = note;
  }

  readonly recall = <T extends object | number | null>(
    kind: MemoKind,
    text: string,
    make: () => T,
  ): T => {
    if (this.#isSettled) return make();
    if (kind === 'tree') return this.#trees.recall(kind, text, make);
    this.#known ??= this.#read();
    const key = `${kind} ${text.length <= SHORT ? `=${text}` : digestOf(text)}`;
    const used = this.#used.get(key);
    if (used !== undefined) return used as T;
    const known = this.#known.get(key);
    if (known === undefined) this.#hasNew = true;
    const value = known === undefined ? make() : (known as T);
    this.#used.set(key, value);
    return value;
  };

  readonly settle = (): void => {
    if (this.#hasNew && !this.#isSettled) {
      const problem = writeMemoFile(this.#directory, this.#name, this.#used);
      if (problem !== undefined) this.#tell('not written', problem);
    }
    this.#isSettled = true;
    this.#known = undefined;
    this.#used.clear();
    this.#trees.settle();
  };

  #read(): ReadonlyMap<string, unknown> {
    const { entries, problem } = readMemoFile(this.#directory, this.#name);
    if (problem !== undefined) this.#tell('not used', problem);
    return entries ?? new Map();
  }

  #tell(what: string, problem: string): void {
    this.#note(`the cache file ${join(this.#directory, this.#name)} is ${what}: ${problem}`);
  }
}
