// Translates regular expressions in Go's syntax (RE2) for the expectations of tests.
//
// RE2 knows flags anywhere in a pattern, `(?P<name>)`, `\z`, `\Q...\E` and POSIX classes; it takes stray
// braces as text and has neither look-around nor back-references. The result runs under JavaScript's
// `v`-less `u` rules. Case is folded for ASCII letters only: log lines hold nothing else.

/** Either the regex or what is wrong with the pattern. */
export interface CompiledGoRegex {
  readonly regex: RegExp | undefined;
  readonly error: string;
}

interface Flags {
  readonly caseless: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

const PLAIN: Flags = { caseless: false, multiline: false, dotAll: false, ungreedy: false };
const MAX_DEPTH = 1000;

const POSIX: Readonly<Record<string, string>> = Object.freeze({
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
});

const PERL_CLASSES: Readonly<Record<string, string>> = Object.freeze({
  d: '0-9',
  w: '0-9A-Za-z_',
  s: '\\t\\n\\f\\r ',
});

/** Compiles a pattern of a test. Never throws. */
export function compileGoRegex(pattern: string): CompiledGoRegex {
  try {
    const source = new Translation(pattern).run();
    return { regex: new RegExp(source, 'u'), error: '' };
  } catch (error) {
    return { regex: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}

class Translation {
  private readonly pattern: string;
  private at = 0;
  private readonly out: string[] = [];
  private flags: Flags = PLAIN;
  private readonly outer: Flags[] = [];

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  run(): string {
    while (this.at < this.pattern.length) this.step();
    if (this.outer.length > 0) throw new Error('missing )');
    return this.out.join('');
  }

  private step(): void {
    const char = this.take();
    switch (char) {
      case '\\':
        this.escape();
        break;
      case '[':
        this.characterClass();
        break;
      case '(':
        this.open();
        break;
      case ')':
        this.close();
        break;
      case '.':
        this.out.push(this.flags.dotAll ? '[\\s\\S]' : '[^\\n]');
        break;
      case '^':
        this.out.push(this.flags.multiline ? '(?<![^\\n])' : '^');
        break;
      case '$':
        this.out.push(this.flags.multiline ? '(?![^\\n])' : '$');
        break;
      case '|':
        this.out.push('|');
        break;
      case '*':
      case '+':
      case '?':
        this.quantifier(char);
        break;
      case '{':
        this.brace();
        break;
      default:
        this.out.push(this.literal(char));
    }
  }

  private take(): string {
    const code = this.pattern.codePointAt(this.at)!;
    const char = String.fromCodePoint(code);
    this.at += char.length;
    return char;
  }

  private literal(char: string): string {
    if (this.flags.caseless && /^[A-Za-z]$/.test(char)) {
      return `[${char.toLowerCase()}${char.toUpperCase()}]`;
    }
    return /^[\^$\\.*+?()[\]{}|/]$/.test(char) ? `\\${char}` : char;
  }

  private quantifier(text: string): void {
    const lazy = this.pattern[this.at] === '?';
    if (lazy) this.at++;
    this.out.push(text, lazy !== this.flags.ungreedy ? '?' : '');
  }

  private brace(): void {
    const repeat = /^\d+(?:,\d*)?\}/.exec(this.pattern.slice(this.at, this.at + 32))?.[0];
    if (repeat === undefined) {
      this.out.push('\\{');
      return;
    }
    this.at += repeat.length;
    this.quantifier(`{${repeat}`);
  }

  private open(): void {
    if (this.outer.length >= MAX_DEPTH) throw new Error('nested too deeply');
    if (this.pattern[this.at] !== '?') {
      this.outer.push(this.flags);
      this.out.push('(');
      return;
    }
    const rest = this.pattern.slice(this.at, this.at + 256);
    const name = /^\?P?<([A-Za-z_]\w*)>/.exec(rest);
    if (name !== null) {
      this.at += name[0].length;
      this.outer.push(this.flags);
      this.out.push(`(?<${name[1]}>`);
      return;
    }
    const flags = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
    if (flags === null) throw new Error(`unknown group (${rest.slice(0, 3)}`);
    this.at += flags[0].length;
    const changed = changeFlags(this.flags, flags[1] ?? '', flags[2] ?? '');
    if (flags[3] === ':') {
      this.outer.push(this.flags);
      this.out.push('(?:');
    }
    this.flags = changed;
  }

  private close(): void {
    const flags = this.outer.pop();
    if (flags === undefined) throw new Error('unexpected )');
    this.flags = flags;
    this.out.push(')');
  }

  private escape(): void {
    if (this.at >= this.pattern.length) throw new Error('trailing backslash');
    const char = this.take();
    if (char === 'Q') {
      const end = this.pattern.indexOf('\\E', this.at);
      const stop = end === -1 ? this.pattern.length : end;
      while (this.at < stop) this.out.push(this.literal(this.take()));
      this.at = end === -1 ? stop : stop + 2;
      return;
    }
    if (char === 'A') this.out.push('(?<![\\s\\S])');
    else if (char === 'z') this.out.push('(?![\\s\\S])');
    else if (char === 'b' || char === 'B') this.out.push(`\\${char}`);
    else this.out.push(this.escapedSet(char) ?? this.literal(this.escapedChar(char)));
  }

  /** `\d`, `\W`, `\pL`: a class of its own outside brackets. */
  private escapedSet(char: string): string | undefined {
    const lower = char.toLowerCase();
    const members = Object.hasOwn(PERL_CLASSES, lower) ? PERL_CLASSES[lower] : undefined;
    if (members !== undefined) return `[${char === lower ? '' : '^'}${members}]`;
    if (lower !== 'p') return undefined;
    const rest = this.pattern.slice(this.at, this.at + 64);
    const name = /^(?:\{(\^?)(\w+)\}|(\w))/.exec(rest);
    if (name === null) throw new Error('unknown Unicode class');
    this.at += name[0].length;
    const isNegated = (char === 'P') !== (name[1] === '^');
    const property = name[2] ?? name[3]!;
    // One- and two-letter names are general categories, longer ones scripts.
    const spelled = property.length <= 2 ? property : `Script=${property}`;
    return `\\${isNegated ? 'P' : 'p'}{${spelled}}`;
  }

  /** The character that an escape stands for. */
  private escapedChar(char: string): string {
    const rest = this.pattern.slice(this.at, this.at + 16);
    const simple = { a: '\x07', f: '\f', t: '\t', n: '\n', r: '\r', v: '\v' }[char];
    if (simple !== undefined) return simple;
    if (char === 'x') {
      const digits = /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(rest);
      if (digits === null) throw new Error('bad \\x escape');
      this.at += digits[0].length;
      return String.fromCodePoint(Number.parseInt(digits[1] ?? digits[2]!, 16));
    }
    if (/[0-7]/.test(char)) {
      const more = /^[0-7]{0,2}/.exec(rest)![0];
      if (char !== '0' && more === '') throw new Error('back-references are not known to Go');
      this.at += more.length;
      return String.fromCodePoint(Number.parseInt(char + more, 8));
    }
    if (/[0-9A-Za-z]/.test(char)) throw new Error(`unknown escape \\${char}`);
    return char;
  }

  private characterClass(): void {
    const parts: string[] = [];
    const isNegated = this.pattern[this.at] === '^';
    if (isNegated) this.at++;
    let isFirst = true;
    for (;;) {
      if (this.at >= this.pattern.length) throw new Error('missing ]');
      if (this.pattern[this.at] === ']' && !isFirst) break;
      isFirst = false;
      parts.push(this.classItem());
    }
    this.at++;
    this.out.push(`[${isNegated ? '^' : ''}${parts.join('')}]`);
  }

  private classItem(): string {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.pattern.slice(this.at, this.at + 16));
    if (posix !== null) {
      const members = Object.hasOwn(POSIX, posix[2]!) ? POSIX[posix[2]!] : undefined;
      if (members === undefined) throw new Error(`unknown class [:${posix[2]}:]`);
      if (posix[1] === '^') throw new Error('negated POSIX classes are not translated');
      this.at += posix[0].length;
      return this.foldMembers(members);
    }
    const low = this.classChar();
    if (low.length > 2 || this.pattern[this.at] !== '-' || this.pattern[this.at + 1] === ']') {
      return this.foldMembers(low.length > 2 ? low : escapeInClass(low));
    }
    this.at++;
    const high = this.classChar();
    return this.foldMembers(`${escapeInClass(low)}-${escapeInClass(high)}`);
  }

  /** One character, or a set such as `\d` spelled for use inside brackets (longer than two chars). */
  private classChar(): string {
    const char = this.take();
    if (char !== '\\') return char;
    if (this.at >= this.pattern.length) throw new Error('trailing backslash');
    const escaped = this.take();
    const set = this.escapedSet(escaped);
    if (set === undefined) return this.escapedChar(escaped);
    if (set.startsWith('[^')) return NEGATED[escaped]!;
    return set.startsWith('[') ? set.slice(1, -1) : set;
  }

  private foldMembers(members: string): string {
    if (!this.flags.caseless) return members;
    const range = /^([A-Za-z])-([A-Za-z])$/.exec(members);
    if (range !== null || /^[A-Za-z]$/.test(members)) {
      return `${members.toLowerCase()}${members.toUpperCase()}`;
    }
    return members === POSIX['lower'] || members === POSIX['upper'] ? 'A-Za-z' : members;
  }
}

const NEGATED: Readonly<Record<string, string>> = Object.freeze({
  D: '\\x00-\\/:-\\u{10ffff}',
  W: '\\x00-\\/:-@\\[-\\^`\\{-\\u{10ffff}',
  S: '\\x00-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}',
});

function escapeInClass(char: string): string {
  return /^[\^\-\]\\[]$/.test(char) ? `\\${char}` : char;
}

function changeFlags(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, now: boolean): boolean =>
    on.includes(letter) ? true : off.includes(letter) ? false : now;
  return {
    caseless: value('i', flags.caseless),
    multiline: value('m', flags.multiline),
    dotAll: value('s', flags.dotAll),
    ungreedy: value('U', flags.ungreedy),
  };
}
