// The one way in which work on rule set releases is refused.

/** What was asked for is refused or failed; `message` says why and, where there is one, the way out. */
export class CrsError extends Error {
  override readonly name: string = 'CrsError';
}

/** Turns an error of the file system into a CrsError; anything else comes back as it is. */
export function asCrsError(error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (error instanceof CrsError || code === undefined || path === undefined) return error;
  return new CrsError(`${path} cannot be read (${code})`);
}
