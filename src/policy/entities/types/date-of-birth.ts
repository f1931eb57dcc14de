// Dates of birth. A date alone is nothing sensitive, so it counts only where it is said to be one of birth.

import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

export const dateOfBirth: DataType = defineIdentifier({
  name: 'date-of-birth',
  summary: 'dates of birth behind words that say so',
  sets: ['pii', 'health'],
  evidence: 'context',
  rank: 45,
  contextual: [
    '9999-99-99',
    '99/99/9999',
    '99.99.9999',
    '99-99-9999',
    '9/9/9999',
    '9/99/9999',
    '99/9/9999',
    '9.9.9999',
    '99.9.9999',
    '9.99.9999',
    '9999/99/99',
    '99999999',
  ],
  context: [
    'dob',
    'date of birth',
    'birth date',
    'birthdate',
    'birthday',
    'born',
    'born on',
    'birth day',
    'geburtsdatum',
    'geboren',
    'geboren am',
    'geb',
    'date de naissance',
    'fecha de nacimiento',
    'data di nascita',
    'data de nascimento',
    'geboortedatum',
  ],
  isValid: (code, _digits, value) => {
    const parts = value.split(/[-./]/).map(Number);
    const [year, month, day] =
      parts.length === 1
        ? [Number(code.slice(0, 4)), Number(code.slice(4, 6)), Number(code.slice(6, 8))]
        : value.length > 4 && /^[0-9]{4}/.test(value)
          ? [parts[0]!, parts[1]!, parts[2]!]
          : [parts[2]!, parts[1]!, parts[0]!];
    // Day and month stand in either order.
    return year >= 1880 && year <= 2100 && (isDay(year, month, day) || isDay(year, day, month));
  },
});
