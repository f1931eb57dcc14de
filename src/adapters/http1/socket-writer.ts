// Writes to a socket no faster than the peer takes it, and not for ever.

import type { Socket } from 'node:net';
import { ConnectionLostError, PeerTimeoutError } from './errors.ts';

const SLICE_BYTES = 64 * 1024;

/** Resolves when the socket has room for more. Rejects when the peer is gone or takes nothing. */
export async function writeAll(
  socket: Socket,
  bytes: Buffer | string,
  stallMs: number,
): Promise<void> {
  if (typeof bytes === 'string') return writeSlice(socket, Buffer.from(bytes, 'latin1'), stallMs);
  // In slices, so that the stall timer measures progress and not the size of the body.
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    await writeSlice(socket, bytes.subarray(at, at + SLICE_BYTES), stallMs);
  }
}

async function writeSlice(socket: Socket, bytes: Buffer, stallMs: number): Promise<void> {
  if (socket.destroyed || !socket.writable) throw new ConnectionLostError('connection lost');
  if (socket.write(bytes)) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      settle(new PeerTimeoutError('taking the message'));
    }, stallMs);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      socket.off('drain', drained);
      socket.off('close', lost);
      if (error === undefined) resolve();
      else reject(error);
    };
    const drained = (): void => settle();
    const lost = (): void => settle(new ConnectionLostError('connection lost'));
    socket.on('drain', drained);
    socket.on('close', lost);
  });
}
