// The debug log that a rule set asks for with SecDebugLog and SecDebugLogLevel.
//
// It shows values of requests in the clear, as ModSecurity's does; so `createWaf` opens it only when it is
// told to: `trace: debugLogFromRules(ruleset)?.trace`.

import { DebugLog, type DebugSink } from '../audit/debug.ts';
import { openLogFile } from '../audit/writer-file.ts';
import type { TraceFactory } from '../model/trace.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';

export interface RulesDebugLog {
  readonly trace: TraceFactory;
  reopen(): void;
  close(): void;
}

/** A trace that writes debug log lines of one level, 1 to 9, to `sink`. */
export function debugTrace(level: number, sink: DebugSink): TraceFactory {
  return (transaction) => (level < 1 ? undefined : new DebugLog(transaction, level, sink));
}

/** Undefined when the rules want none. Throws when the file cannot be opened. */
export function debugLogFromRules(
  { settings }: Pick<Ruleset, 'settings'>,
  onError: (error: unknown) => void = () => {},
): RulesDebugLog | undefined {
  const { path, level } = settings.debugLog;
  if (path === undefined || level < 1) return undefined;
  const file = openLogFile(path, 0o600);
  const attempt = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      onError(error);
    }
  };
  return {
    trace: debugTrace(level, { append: (text) => attempt(() => file.append(text)) }),
    reopen: () => attempt(() => file.reopen()),
    close: () => file.close(),
  };
}
