// Where the runner sends a stage: the engine in this process, or a proxy behind a socket.

import type { ByteString } from '../base/bytes.ts';
import type { StageObservation } from './observation.ts';
import type { FtwInput } from './test-file.ts';

export interface PreparedStage {
  /** Unique within a run: test id, stage number, attempt. */
  readonly label: string;
  readonly request: ByteString;
  readonly input: FtwInput;
}

export interface StageTarget {
  send(stage: PreparedStage): Promise<StageObservation>;
  close(): Promise<void>;
}
