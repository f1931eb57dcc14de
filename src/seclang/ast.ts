// The syntax tree of a SecLang text: pure types, every node with its span.
//
// Names are kept as written (checking them is the ruleset's work); texts of words are kept after the
// config layer's unescaping (`\"` -> `"`), with a way back to the source offsets.

import type { Source } from '../diagnostics/source.ts';
import type { Span } from '../diagnostics/span.ts';

/** One word of a directive after quote removal; `offsets` leads each char back to the source. */
export interface Word {
  readonly text: string;
  readonly quote: '"' | "'" | '`' | '';
  readonly span: Span;
  /** Source offset of each char of `text`, and one more for its end; undefined: contiguous from `contentStart`. */
  readonly offsets: Int32Array | undefined;
  /** Source offset of the first char of `text`. */
  readonly contentStart: number;
}

export type Selector =
  /** `ARGS:user`, `ARGS:'user'` */
  | { readonly kind: 'literal'; readonly value: string; readonly span: Span }
  /** `ARGS:/^u/`, `ARGS:'/^u/'`; `value` is the pattern without its slashes, `\/` already `/` */
  | { readonly kind: 'regex'; readonly value: string; readonly span: Span }
  /** `XML:/soap:Envelope/@id` */
  | { readonly kind: 'xpath'; readonly value: string; readonly span: Span };

/** One target of a rule: `ARGS`, `!ARGS:x`, `&ARGS`. */
export interface TargetNode {
  readonly count: boolean;
  readonly exclude: boolean;
  readonly name: string;
  readonly selector: Selector | undefined;
  readonly nameSpan: Span;
  readonly span: Span;
}

/** `@rx ^a`, `!@streq x`; without `@name` the name is `rx` and `implicit` is set. */
export interface OperatorNode {
  readonly negated: boolean;
  readonly name: string;
  readonly implicit: boolean;
  readonly argument: string;
  readonly nameSpan: Span;
  readonly argumentSpan: Span;
  readonly span: Span;
  /** The word it stands in and where the argument begins in the word's text: for offsets inside patterns. */
  readonly word: Word;
  readonly argumentStart: number;
}

/** `deny`, `t:lowercase`, `setvar:'tx.a=b'`. */
export interface ActionNode {
  readonly name: string;
  /** Text behind the first `:`; undefined when there is none. */
  readonly value: string | undefined;
  readonly quoted: boolean;
  readonly nameSpan: Span;
  readonly valueSpan: Span | undefined;
  readonly span: Span;
}

interface DirectiveBase {
  /** Directive name as written. */
  readonly name: string;
  readonly nameSpan: Span;
  /** From the first char of the name to the last of the last word. */
  readonly span: Span;
  /** Comment lines directly above and inside, without their `#`. */
  readonly comments: readonly string[];
  /** Blocks of comments further up, behind the previous directive: a blank line ends a block. */
  readonly detachedComments: readonly (readonly string[])[];
}

export interface RuleDirective extends DirectiveBase {
  readonly type: 'rule';
  readonly targets: readonly TargetNode[];
  readonly operator: OperatorNode;
  /** Undefined when the rule has no third word at all. */
  readonly actions: readonly ActionNode[] | undefined;
}

export interface ActionDirective extends DirectiveBase {
  readonly type: 'action';
  readonly actions: readonly ActionNode[];
}

export interface DefaultActionDirective extends DirectiveBase {
  readonly type: 'default-action';
  readonly actions: readonly ActionNode[];
}

export interface ScriptDirective extends DirectiveBase {
  readonly type: 'script';
  readonly path: Word;
  readonly actions: readonly ActionNode[] | undefined;
}

export interface MarkerDirective extends DirectiveBase {
  readonly type: 'marker';
  readonly marker: Word;
}

export interface IncludeDirective extends DirectiveBase {
  readonly type: 'include';
  readonly optional: boolean;
  readonly path: Word;
}

/** SecRuleRemoveById, ByTag, ByMsg. */
export interface RemoveDirective extends DirectiveBase {
  readonly type: 'remove';
  readonly by: 'id' | 'tag' | 'msg';
  readonly selectors: readonly Word[];
}

/** SecRuleUpdateTargetById, ByTag, ByMsg. */
export interface UpdateTargetDirective extends DirectiveBase {
  readonly type: 'update-target';
  readonly by: 'id' | 'tag' | 'msg';
  readonly selector: Word;
  readonly targets: readonly TargetNode[];
  readonly replaced: readonly TargetNode[] | undefined;
}

/** SecRuleUpdateActionById. */
export interface UpdateActionDirective extends DirectiveBase {
  readonly type: 'update-action';
  readonly selector: Word;
  readonly actions: readonly ActionNode[];
}

/** Every other directive: `SecRuleEngine On`. */
export interface SettingDirective extends DirectiveBase {
  readonly type: 'setting';
  readonly arguments: readonly Word[];
}

export type Directive =
  | RuleDirective
  | ActionDirective
  | DefaultActionDirective
  | ScriptDirective
  | MarkerDirective
  | IncludeDirective
  | RemoveDirective
  | UpdateTargetDirective
  | UpdateActionDirective
  | SettingDirective;

/** One parsed file, in source order. Broken directives are absent; diagnostics name them. */
export interface Document {
  readonly source: Source;
  readonly directives: readonly Directive[];
  /** Comment lines behind the last directive. */
  readonly trailingComments: readonly string[];
}
