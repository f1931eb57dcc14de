// Passwords by the name in front of them. A value without quotes behind a blank may be prose or code (`Password:
// required`), so there it must look like a password.

import { ASSIGNMENT_REACH, isPlaceholder, nameWords, readValue } from '../assignment.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';

const NAME =
  /(?:password|passwd|passwort|passphrase|passcode|kennwort|contrasena|motdepasse| mot de passe|senha| pwd| pass| pin| pin code) $/;

export const password: DataType = defineDataType(
  {
    name: 'password',
    summary: 'passwords, passphrases and PINs behind their name',
    sets: ['credentials'],
    evidence: 'context',
    rank: 20,
  },
  {
    anchors: {
      names: ['ord', 'swd', 'ort', 'ase', 'ode', 'asa', 'sse', 'nha', 'pwd', 'ass', 'pin'],
    },
    after: ASSIGNMENT_REACH,
    recognise,
  },
);

function recognise(text: string, at: number, end: number): Span | undefined {
  if (isClass(text, end) || !NAME.test(nameWords(text, end))) {
    return undefined;
  }
  const value = readValue(text, at);
  if (value === undefined) return undefined;
  const secret = text.slice(value.start, value.end);
  if (isPlaceholder(secret)) return undefined;
  if (!value.quoted && text.charAt(value.end) === '(') return undefined;
  const loose = !value.quoted && (value.spaced || text.charAt(at) === ':');
  if (loose && (secret.length < 4 || !/[0-9!@#$%^*+?]/.test(secret))) return undefined;
  return { start: value.start, end: value.end };
}

/** A first look: of names in `ass`, `class` is the one that HTML is full of. */
function isClass(text: string, end: number): boolean {
  return text.charCodeAt(end - 2) === 0x73 && text.charCodeAt(end - 4) === 0x6c;
}
