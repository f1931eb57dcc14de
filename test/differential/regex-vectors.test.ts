// ModSecurity's own vectors for @rx and @rxGlobal: decisions and captures.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import type { CompiledPattern } from '../../src/regex/compiled-pattern.ts';
import { compilePattern } from '../../src/regex/matcher.ts';
import { loadPcre2 } from '../regex/oracle.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

interface Vector {
  readonly param?: string;
  readonly input: string;
  readonly ret: number;
  readonly re_groups?: readonly string[];
}

const pcre2 = loadPcre2();

function vectors(path: string): readonly Vector[] {
  return JSON.parse(readFileSync(path, 'utf8')) as readonly Vector[];
}

/** `\x` and `\u` left literally in the text stand for one byte. */
function decode(input: string): string {
  const byte = (hex: string): string => String.fromCharCode(parseInt(hex, 16) & 255);
  return utf8ByteString(input)
    .replace(/\\x([0-9A-Za-z]{2})/g, (_, hex: string) => byte(hex))
    .replace(/\\u([0-9A-Za-z]{4})/g, (_, hex: string) => byte(hex));
}

function compile({ param }: Vector): CompiledPattern {
  return compilePattern(utf8ByteString(param ?? ''), { pcre2: () => pcre2 });
}

/** All matches, an empty one being followed by a search one byte further. */
function allGroups(pattern: CompiledPattern, subject: string): string[] {
  const groups: string[] = [];
  for (let from = 0; from <= subject.length; ) {
    const found = pattern.exec(subject, from);
    if (found === null) break;
    if (found.end === found.index) {
      from = found.end + 1;
      if (subject.length > 0) continue;
    } else {
      from = found.end;
    }
    groups.push(...found.groups.map((group) => group ?? ''));
  }
  return groups;
}

const RX = sharedPath('modsecurity', 'unit', 'operators', 'rx.json');
const RX_GLOBAL = sharedPath('modsecurity', 'unit', 'operators', 'rxGlobal.json');

describeShared('rx vectors', RX, () => {
  it.each(vectors(RX).map((vector) => [vector.param ?? '', vector] as const))('%s', (_, vector) => {
    const found = compile(vector).exec(decode(vector.input));
    expect(found !== null).toBe(vector.ret === 1);
    if (vector.re_groups)
      expect(found?.groups.map((group) => group ?? '')).toEqual(vector.re_groups);
  });
});

describeShared('rxGlobal vectors', RX_GLOBAL, () => {
  it.each(vectors(RX_GLOBAL).map((vector) => [vector.param ?? '', vector] as const))(
    '%s',
    (_, vector) => {
      const pattern = compile(vector);
      const subject = decode(vector.input);
      expect(pattern.test(subject)).toBe(vector.ret === 1);
      // ModSecurity's own runner compares as many captures as the vector lists.
      const listed = vector.re_groups ?? [];
      expect(allGroups(pattern, subject).slice(0, listed.length)).toEqual(listed);
    },
  );
});

describe('decode', () => {
  it('reads literal escapes as bytes', () => {
    expect(decode('a\\x41\\u0042')).toBe('aAB');
  });
});
