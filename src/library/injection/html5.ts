// Cuts a value into HTML tokens, the way browsers old and new do.
//
// This is the tokenizer of the HTML standard without its tree, plus what Internet Explorer accepted:
// NUL inside tag names, backticks as quotes, `<% ... %>` as a comment. It can start inside a tag, as
// if the value stood in an attribute. Every byte is read a bounded number of times and nothing
// recurses, so `<a` and a megabyte of `/` is fine.

/** Where a value is assumed to stand: in text, in a tag, or in a quoted attribute. */
export type HtmlContext = 'data' | 'unquoted' | 'single-quoted' | 'double-quoted' | 'back-quoted';

export type HtmlTokenKind =
  | 'text'
  | 'tag-open'
  | 'tag-open-end'
  | 'tag-self-closing'
  | 'tag-close'
  | 'attribute-name'
  | 'attribute-value'
  | 'comment'
  | 'doctype';

const SLASH = 0x2f;
const GREATER = 0x3e;
const EQUALS = 0x3d;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKTICK = 0x60;
const BANG = 0x21;
const QUESTION = 0x3f;
const PERCENT = 0x25;
const DASH = 0x2d;
// libinjection takes byte 0xFF between attributes for this mark, a signed char of -1, and stops there.
// We read on, because what follows is as live in a browser as what went before.
/** What stands for a byte past the end of the input. */
const END = -1;

const state = {
  end: 0,
  data: 1,
  tagOpen: 2,
  tagOpenEnd: 3,
  selfClosing: 4,
  beforeName: 5,
  afterName: 6,
  beforeValue: 7,
  afterQuotedValue: 8,
  singleQuoted: 9,
  doubleQuoted: 10,
  backQuoted: 11,
} as const;

type State = (typeof state)[keyof typeof state];

const FIRST_STATE: Readonly<Record<HtmlContext, State>> = {
  data: state.data,
  unquoted: state.beforeName,
  'single-quoted': state.singleQuoted,
  'double-quoted': state.doubleQuoted,
  'back-quoted': state.backQuoted,
};

/** White space between attributes: NUL counts, because C's strchr finds it. */
function isWhite(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Reads the tokens of one value, one `next` at a time; the fields describe the last one. */
export class HtmlScanner {
  readonly input: string;
  kind: HtmlTokenKind = 'text';
  start = 0;
  end = 0;
  private position = 0;
  private state: State;
  private isClosing = false;

  constructor(input: string, context: HtmlContext) {
    this.input = input;
    this.state = FIRST_STATE[context];
  }

  /** Reads a token; false when there is none left. */
  next(): boolean {
    switch (this.state) {
      case state.end:
        return false;
      case state.data:
        return this.data();
      case state.tagOpen:
        return this.tagOpen();
      case state.tagOpenEnd:
        return this.tagOpenEnd();
      case state.selfClosing:
        return this.selfClosing();
      case state.beforeName:
        return this.beforeName();
      case state.afterName:
        return this.afterName();
      case state.beforeValue:
        return this.beforeValue();
      case state.afterQuotedValue:
        return this.afterQuotedValue();
      case state.singleQuoted:
        return this.quotedValue("'");
      case state.doubleQuoted:
        return this.quotedValue('"');
      case state.backQuoted:
        return this.quotedValue('`');
    }
  }

  private emit(
    kind: HtmlTokenKind,
    start: number,
    end: number,
    position: number,
    next: State,
  ): boolean {
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.position = position;
    this.state = next;
    return true;
  }

  /** The token is the rest of the input. */
  private emitRest(kind: HtmlTokenKind): boolean {
    const { length } = this.input;
    return this.emit(kind, this.position, length, length, state.end);
  }

  private stop(): boolean {
    this.state = state.end;
    return false;
  }

  private codeAt(at: number): number {
    return at < this.input.length ? this.input.charCodeAt(at) : END;
  }

  private skipWhite(): number {
    const { input } = this;
    let at = this.position;
    while (at < input.length && isWhite(input.charCodeAt(at))) at++;
    this.position = at;
    return this.codeAt(at);
  }

  private data(): boolean {
    const start = this.position;
    const less = this.input.indexOf('<', start);
    if (less < 0) {
      return start === this.input.length ? this.stop() : this.emitRest('text');
    }
    this.emit('text', start, less, less + 1, state.tagOpen);
    return less > start || this.tagOpen();
  }

  private tagOpen(): boolean {
    const { position } = this;
    const code = this.codeAt(position);
    switch (code) {
      case END:
        return this.stop();
      case BANG:
        this.position++;
        return this.declaration();
      case SLASH:
        this.position++;
        this.isClosing = true;
        return this.closingTag();
      case QUESTION:
        this.position++;
        return this.commentUntil('>');
      case PERCENT:
        this.position++;
        return this.commentUntil('%>');
      default:
        if (isLetter(code) || code === 0) return this.tagName();
        return this.emit('text', position - 1, position, position, state.data);
    }
  }

  private closingTag(): boolean {
    const code = this.codeAt(this.position);
    if (code === END) return this.stop();
    if (code === GREATER) return this.data();
    if (isLetter(code)) return this.tagName();
    this.isClosing = false;
    return this.commentUntil('>');
  }

  private tagName(): boolean {
    const { input, position } = this;
    for (let at = position; at < input.length; at++) {
      const code = input.charCodeAt(at);
      if (code === SLASH) return this.emit('tag-open', position, at, at + 1, state.selfClosing);
      if (code === GREATER) {
        if (!this.isClosing) return this.emit('tag-open', position, at, at, state.tagOpenEnd);
        this.isClosing = false;
        return this.emit('tag-close', position, at, at + 1, state.data);
      }
      if (code !== 0 && isWhite(code)) {
        return this.emit('tag-open', position, at, at + 1, state.beforeName);
      }
    }
    return this.emitRest('tag-open');
  }

  private tagOpenEnd(): boolean {
    const { position } = this;
    this.isClosing = false;
    const next = position + 1 < this.input.length ? state.data : state.end;
    return this.emit('tag-open-end', position, position + 1, position + 1, next);
  }

  private selfClosing(): boolean {
    const { position } = this;
    const code = this.codeAt(position);
    if (code === END) return this.stop();
    if (code !== GREATER) return this.beforeName();
    return this.emit('tag-self-closing', position - 1, position + 1, position + 1, state.data);
  }

  private beforeName(): boolean {
    for (;;) {
      const code = this.skipWhite();
      if (code === END) return this.stop();
      const { position } = this;
      if (code === GREATER) {
        return this.emit('tag-open-end', position, position + 1, position + 1, state.data);
      }
      if (code !== SLASH) return this.attributeName();
      this.position++;
      const next = this.codeAt(this.position);
      if (next === END || next === GREATER) return this.selfClosing();
    }
  }

  private attributeName(): boolean {
    const { input, position } = this;
    // Any byte may start a name, even `=`.
    for (let at = position + 1; at < input.length; at++) {
      const code = input.charCodeAt(at);
      if (code === SLASH) {
        return this.emit('attribute-name', position, at, at + 1, state.selfClosing);
      }
      if (code === EQUALS) {
        return this.emit('attribute-name', position, at, at + 1, state.beforeValue);
      }
      if (code === GREATER) return this.emit('attribute-name', position, at, at, state.tagOpenEnd);
      if (isWhite(code)) return this.emit('attribute-name', position, at, at + 1, state.afterName);
    }
    return this.emitRest('attribute-name');
  }

  private afterName(): boolean {
    switch (this.skipWhite()) {
      case END:
        return this.stop();
      case SLASH:
        this.position++;
        return this.selfClosing();
      case EQUALS:
        this.position++;
        return this.beforeValue();
      case GREATER:
        return this.tagOpenEnd();
      default:
        return this.attributeName();
    }
  }

  private beforeValue(): boolean {
    switch (this.skipWhite()) {
      case END:
        return this.stop();
      case DOUBLE_QUOTE:
        return this.quotedValue('"');
      case SINGLE_QUOTE:
        return this.quotedValue("'");
      case BACKTICK:
        return this.quotedValue('`');
      default:
        return this.unquotedValue();
    }
  }

  private quotedValue(quote: string): boolean {
    // At the very start the quote stands before the input, so there is none to skip.
    if (this.position > 0) this.position++;
    const { position } = this;
    const close = this.input.indexOf(quote, position);
    if (close < 0) return this.emitRest('attribute-value');
    return this.emit('attribute-value', position, close, close + 1, state.afterQuotedValue);
  }

  private unquotedValue(): boolean {
    const { input, position } = this;
    for (let at = position; at < input.length; at++) {
      const code = input.charCodeAt(at);
      if (isWhite(code)) {
        return this.emit('attribute-value', position, at, at + 1, state.beforeName);
      }
      if (code === GREATER) return this.emit('attribute-value', position, at, at, state.tagOpenEnd);
    }
    return this.emitRest('attribute-value');
  }

  private afterQuotedValue(): boolean {
    const { position } = this;
    switch (this.codeAt(position)) {
      case END:
        return this.stop();
      case SLASH:
        this.position++;
        return this.selfClosing();
      case GREATER:
        return this.emit('tag-open-end', position, position + 1, position + 1, state.data);
      default:
        return this.beforeName();
    }
  }

  private declaration(): boolean {
    const { input, position } = this;
    if (input.startsWith('--', position)) {
      this.position += 2;
      return this.comment();
    }
    if (input.startsWith('[CDATA[', position)) {
      this.position += 7;
      return this.characterData();
    }
    return startsWithDoctype(input, position) ? this.doctype() : this.commentUntil('>');
  }

  /** A bogus comment, which ends at `mark`. */
  private commentUntil(mark: string): boolean {
    const { input, position } = this;
    const end = input.indexOf(mark, position);
    if (end < 0) return this.emitRest('comment');
    return this.emit('comment', position, end, end + mark.length, state.data);
  }

  /** A comment ends at `-->` or `-!>`, with any NULs after the first dash. */
  private comment(): boolean {
    const { input, position } = this;
    const { length } = input;
    let dash = input.indexOf('-', position);
    while (dash >= 0 && dash <= length - 3) {
      let at = dash + 1;
      while (at < length && input.charCodeAt(at) === 0) at++;
      const code = this.codeAt(at);
      if ((code === DASH || code === BANG) && this.codeAt(at + 1) === GREATER) {
        return this.emit('comment', position, dash, at + 2, state.data);
      }
      if (at + 1 >= length && (code === DASH || code === BANG || code === END)) break;
      dash = input.indexOf('-', dash + 1);
    }
    return this.emitRest('comment');
  }

  private characterData(): boolean {
    const { position } = this;
    const end = this.input.indexOf(']]>', position);
    if (end < 0) return this.emitRest('text');
    return this.emit('text', position, end, end + 3, state.data);
  }

  private doctype(): boolean {
    const { position } = this;
    const end = this.input.indexOf('>', position);
    if (end < 0) return this.emitRest('doctype');
    return this.emit('doctype', position, end, end + 1, state.data);
  }
}

const DOCTYPE = 'doctype';

function startsWithDoctype(input: string, at: number): boolean {
  for (let index = 0; index < DOCTYPE.length; index++) {
    if ((input.charCodeAt(at + index) | 0x20) !== DOCTYPE.charCodeAt(index)) return false;
  }
  return true;
}
