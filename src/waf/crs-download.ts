// Fetches a release archive over https, bounded in time and size.
//
// The promise: bytes or a CrsError that says what to do without a network. What the bytes are worth is
// for digests to say.

import { CrsError } from './crs-error.ts';

export interface DownloadOptions {
  readonly maxBytes: number;
  /** For the whole transfer. */
  readonly timeoutMs: number;
  /** Default: the global fetch. */
  readonly fetch?: typeof fetch | undefined;
}

export async function downloadArchive(
  address: string,
  options: DownloadOptions,
): Promise<Uint8Array> {
  const get = options.fetch ?? fetch;
  const signal = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await get(address, { signal, redirect: 'follow' });
    if (!response.ok) throw new CrsError(`${address} answers with status ${response.status}`);
    // A redirect may lead to another host, the digests do not care; but not out of TLS.
    if (response.url !== '' && !response.url.startsWith('https://')) {
      throw new CrsError(`${address} leads to ${response.url}, which is not https`);
    }
    return await readBounded(response, options.maxBytes, address);
  } catch (error) {
    if (error instanceof CrsError) throw error;
    throw new CrsError(
      `cannot fetch ${address}: ${reason(error, signal, options)}\n` +
        '  help: download it on a machine with a network, then: portcullis crs install --from FILE.tar.gz',
    );
  }
}

async function readBounded(
  response: Response,
  maxBytes: number,
  address: string,
): Promise<Uint8Array> {
  const tooLarge = new CrsError(`${address} is larger than ${maxBytes} bytes; no CRS release is`);
  const reader = response.body?.getReader();
  if (reader === undefined) throw new CrsError(`${address} is empty`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel().catch(() => {});
      throw tooLarge;
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks, size);
}

function reason(error: unknown, signal: AbortSignal, options: DownloadOptions): string {
  if (signal.aborted) return `no complete answer within ${options.timeoutMs / 1000} seconds`;
  const { message, cause } = error as Error;
  const { code, message: why } = (cause ?? {}) as NodeJS.ErrnoException;
  // fetch says "fetch failed" to everything; the cause knows better.
  return code ?? why ?? message;
}
