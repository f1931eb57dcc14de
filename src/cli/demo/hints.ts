// What `serve --demo` tells people to try.

interface Hint {
  readonly label: string;
  /** Arguments of curl behind `curl -i`; `URL` stands for the proxy's address. */
  readonly curl: string;
}

const HINTS: readonly Hint[] = Object.freeze([
  { label: 'passes', curl: "'URL/search?q=lamp'" },
  { label: 'SQL injection', curl: '"URL/search?q=1%27%20OR%20%271%27=%271%27%20--%20"' },
  { label: 'cross-site scripting', curl: "'URL/search?q=%3Cscript%3Ealert(1)%3C/script%3E'" },
  { label: 'path traversal', curl: "'URL/download?file=../../../../etc/passwd'" },
  {
    label: 'command injection in JSON',
    curl: `-H 'Content-Type: application/json' -d '{"host":"x; cat /etc/passwd"}' URL/api/jobs`,
  },
  { label: 'leak in a response', curl: 'URL/report' },
]);

/** Copy-and-paste lines, one per attack. */
export function demoHints(url: string): string {
  const width = Math.max(...HINTS.map(({ label }) => label.length));
  const lines = HINTS.map(
    ({ label, curl }) => `  ${`${label}:`.padEnd(width + 1)}  curl -i ${curl.replace('URL', url)}`,
  );
  return `Try, in another terminal:\n\n${lines.join('\n')}\n`;
}
