// What `bench` asks of an engine, ours or a peer's: verdicts once, then times of the same records.

import type { ExchangeRecord } from '../model/exchange.ts';

/** A record and what it is called; the number of its line where it has no id. */
export interface BenchItem {
  readonly id: string;
  readonly record: ExchangeRecord;
}

/** What an engine said of one record, in the form in which engines are compared. */
export interface RecordVerdict {
  /** Rules that matched and log, each once, ascending: engines differ in when they report. */
  readonly matched: readonly number[];
  readonly interruption: {
    readonly rule: number | null;
    readonly phase: number;
    readonly status: number;
  } | null;
}

export interface FirstPass {
  /** One for each record, in the order of the file. */
  readonly verdicts: readonly RecordVerdict[];
  /** Microseconds of each record, everything cold. */
  readonly us: Float64Array;
}

export interface TimedSlice {
  /** Microseconds of each request. */
  readonly us: Float64Array;
  /** Microseconds of processor time that the process took for all of them, comparing verdicts included. */
  readonly cpuUs: number;
  /** Requests whose verdict was not that of the first pass. */
  readonly changed: number;
}

/** Records are numbered as in the file; slices wrap around at its end. */
export interface BenchSubject {
  readonly name: string;
  readonly version: string;
  /** Milliseconds from reading the rule files to being ready for the first request. */
  readonly loadMs: number;
  /** Every record once; must come before `timed`. */
  firstPass(): Promise<FirstPass>;
  /** Repeats requests for as long as this engine needs to reach its pace; microseconds of one then. */
  warmUp(): Promise<number>;
  timed(from: number, count: number): Promise<TimedSlice>;
  /** Resident memory of the engine's process in MB, the records included. */
  rssMb(): Promise<number>;
  close(): Promise<void>;
}
