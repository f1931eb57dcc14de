// What a kept upload is called on disk: for rules that name it while the request runs, and for who writes it
// at the end.

/** `20240312-100000-ID-file-1`, in UTC. `id` may come from a header: here it names a file, never a path. */
export function uploadName(startedMs: number, id: string, index: number): string {
  const time = new Date(startedMs).toISOString();
  const second = `${time.slice(0, 10)}-${time.slice(11, 19)}`.replace(/[-:]/g, '');
  const safeId = id.replace(/[^A-Za-z0-9_@-]/g, '_').slice(0, 128);
  return `${second.slice(0, 8)}-${second.slice(8)}-${safeId}-file-${index}`;
}
