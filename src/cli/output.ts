// Where commands write: data to stdout, talk to stderr, colour only for a person at a terminal.

export interface Output {
  readonly data: (text: string) => void;
  readonly talk: (text: string) => void;
  readonly colour: boolean;
}

export function processOutput(): Output {
  return {
    data: (text) => process.stdout.write(text),
    talk: (text) => process.stderr.write(text),
    colour: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
  };
}

/** A command line or a configuration is wrong: exit 2, with the message and no stack trace. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** What was asked for failed: exit 1, with the message and no stack trace. */
export class FailureError extends Error {
  override readonly name: string = 'FailureError';
}
