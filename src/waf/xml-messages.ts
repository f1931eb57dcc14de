// What the loader of rules and the thread that judges XML say to each other.

export type ToXmlThread =
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly grammar: 'dtd' | 'schema';
      readonly path: string;
      readonly bytes: string;
    }
  | { readonly kind: 'validate'; readonly id: number; readonly bytes: string }
  /** Undefined when there is no such file. */
  | { readonly kind: 'file'; readonly bytes: string | undefined };

export type FromXmlThread =
  | { readonly kind: 'fine' }
  /** The grammar or the document is wrong. */
  | { readonly kind: 'fault'; readonly text: string }
  /** The thread could not do it, and should not be asked again. */
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };
