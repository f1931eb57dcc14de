// What the engine and the thread that runs Lua say to each other.

import type { Pair } from '../model/pair.ts';
import type { ScriptFault, ScriptSource } from '../model/script.ts';

export type ToLuaThread =
  | { readonly kind: 'load'; readonly id: number; readonly source: ScriptSource }
  | { readonly kind: 'run'; readonly id: number; readonly argument: string | undefined }
  /** What the script asked for. */
  | { readonly kind: 'variables'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'upload'; readonly content: string | undefined }
  | { readonly kind: 'done' }
  /** The script asked for something that cannot be done. */
  | { readonly kind: 'refused'; readonly text: string };

/** What a script asks while it runs. */
export type LuaRequest =
  | { readonly kind: 'log'; readonly level: number; readonly text: string }
  | {
      readonly kind: 'variables';
      readonly name: string;
      readonly transformations: readonly string[];
      /** The first one is all that is wanted. */
      readonly first: boolean;
    }
  | { readonly kind: 'set'; readonly name: string; readonly value: string | undefined }
  /** The upload of that path. */
  | { readonly kind: 'upload'; readonly path: string };

export type FromLuaThread =
  | LuaRequest
  | { readonly kind: 'loaded'; readonly fault: ScriptFault | undefined }
  | { readonly kind: 'returned'; readonly text: string | undefined }
  /** The script failed. */
  | { readonly kind: 'error'; readonly text: string }
  /** The thread could not do it, and should not be asked again. */
  | { readonly kind: 'failed'; readonly text: string };
