// File names with wildcards, as Apache's Include reads them: `*`, `?` and `[...]` within one path segment.
//
// Stars are resolved by going back to the last one alone, so that no pattern takes exponential time.

/** One place of a pattern: a star, or a test of one char. */
type Place = 'star' | ((char: string) => boolean);

const PART = /\*|\?|\[(!?)([^\]]*)\]|[\s\S]/g;

function placesOf(pattern: string): readonly Place[] {
  return [...pattern.matchAll(PART)].map(([part, negated, members = '']): Place => {
    if (part === '*') return 'star';
    if (part === '?') return () => true;
    if (part.length > 1) return (char) => isMember(char, members) !== (negated === '!');
    return (char) => char === part;
  });
}

/** `a-z` is a range, one that runs backwards is empty; `-` at either end is itself. */
function isMember(char: string, members: string): boolean {
  for (let at = 0; at < members.length; at++) {
    const low = members.charAt(at);
    const high = members.charAt(at + 2);
    if (members[at + 1] === '-' && high !== '') {
      if (low <= char && char <= high) return true;
      at += 2;
    } else if (char === low) return true;
  }
  return false;
}

/** Names that begin with a dot match only patterns that do. */
export function wildcard(pattern: string): (name: string) => boolean {
  const places = placesOf(pattern);
  const showsHidden = pattern.startsWith('.');
  return (name) => (showsHidden || !name.startsWith('.')) && matches(places, name);
}

function matches(places: readonly Place[], name: string): boolean {
  let at = 0;
  let place = 0;
  let starPlace = -1;
  let starAt = 0;
  while (at < name.length) {
    const test = places[place];
    if (test === 'star') {
      starPlace = place++;
      starAt = at;
    } else if (test?.(name.charAt(at)) === true) {
      place++;
      at++;
    } else if (starPlace >= 0) {
      place = starPlace + 1;
      at = ++starAt;
    } else return false;
  }
  while (places[place] === 'star') place++;
  return place === places.length;
}
