// A name with a value, as parsers hand them to the engine. Both are byte strings.

export interface Pair {
  readonly key: string;
  readonly value: string;
}
