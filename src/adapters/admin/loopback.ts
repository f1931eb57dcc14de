// Addresses that only this machine reaches.

import { parseIp } from '../../base/ip.ts';

/** Whether only this machine can reach the address. Names other than localhost are not trusted to. */
export function isLoopback(host: string): boolean {
  const bytes = parseIp(host);
  if (bytes === null) return host === 'localhost';
  if (bytes.length === 4) return bytes[0] === 127;
  return bytes.every((byte, at) => byte === (at === 15 ? 1 : 0));
}
