// The one way in which work on rule set releases is refused.

/** What was asked for is refused or failed; `message` says why and, where there is one, the way out. */
export class CrsError extends Error {
  override readonly name: string = 'CrsError';
}
