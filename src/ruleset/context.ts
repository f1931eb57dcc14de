// What every check needs at hand: the library, the report, the files and the pattern compiler.

import type { Locator } from '../diagnostics/position.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { FileAccess } from '../model/files.ts';
import type { Memo } from '../model/memo.ts';
import type { Matcher, PatternOptions } from '../model/operator.ts';
import type { LoadScript } from '../model/script.ts';
import type { Library } from './library.ts';
import type { OperatorData } from './operator-data.ts';
import type { Report } from './report.ts';

export interface CheckContext {
  readonly library: Library;
  readonly report: Report;
  readonly files: FileAccess;
  readonly locator: Locator;
  readonly operatorData: OperatorData;
  readonly behaviour: Behaviour;
  /** Left out: nothing is remembered. */
  readonly memo?: Memo | undefined;
  /** Throws `OperatorArgumentError`. */
  readonly compilePattern: (pattern: string, options?: PatternOptions) => Matcher;
  /** Left out where scripts cannot be run. */
  readonly loadScript?: LoadScript;
  /** Absolute paths of the programs that rules may run; left out: none. */
  readonly programs?: readonly string[] | undefined;
}
