// A request target as Go's URL type shows it, which is what Coraza's rules see.

const HEX = '0123456789ABCDEF';

/** What Go says of a path that it cannot unescape, or of a target with control chars; undefined: it can. */
export function goTargetError(target: string): string | undefined {
  const quoted = (why: string): string => `parse ${JSON.stringify(target)}: ${why}`;
  for (let at = 0; at < target.length; at++) {
    const code = target.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return quoted('net/url: invalid control character in URL');
  }
  const path = target.slice(0, firstOf(target, '?'));
  const broken = /%(?![0-9A-Fa-f]{2})/.exec(path);
  if (broken === null) return undefined;
  return quoted(`invalid URL escape "${path.slice(broken.index, broken.index + 3)}"`);
}

/** The path with what must not stand in one escaped; all of it is escaped anew when anything must be. */
export function goEscapedUri(uri: string, decode: (path: string) => string): string {
  const end = firstOf(uri, '?');
  const path = uri.slice(0, end);
  if (/^[A-Za-z0-9\-._~!$&'()*+,;=:@[\]/%]*$/.test(path)) return uri;
  const escaped = decode(path).replace(/[^A-Za-z0-9\-._~$&+,/:;=@]/g, (char) => {
    const code = char.charCodeAt(0);
    return `%${HEX[code >> 4]}${HEX[code & 15]}`;
  });
  return escaped + uri.slice(end);
}

function firstOf(text: string, char: string): number {
  const found = text.indexOf(char);
  return found < 0 ? text.length : found;
}
