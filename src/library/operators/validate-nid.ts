// @validateNid (Coraza). A number that the pattern finds is a national identity number: `cl` is Chile's
// RUT, `us` the social security number.
//
// Coraza looks at the first ten matches and captures all that are valid. We look until one is, so that no
// number hides behind ten others, and capture that one.

import { asciiLower } from '../../base/ascii.ts';
import { digitsOf, isRut } from '../../base/checksum.ts';
import { OperatorArgumentError, type OperatorDefinition } from '../../model/operator.ts';
import { findNumber } from './verify.ts';
import { isSocialSecurityNumber } from './verify-ssn.ts';

const COUNTRIES: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['cl', isRutText],
  ['us', (text: string) => isSocialSecurityNumber(digitsOf(text))],
]);

export const validateNid: OperatorDefinition = Object.freeze({
  name: 'validateNid',
  summary: 'the value holds a national identity number',
  argument: 'required',
  macros: false,
  compile: (argument, context) => {
    const [, country = '', pattern = ''] = /^([^\t-\r ]*)[\t-\r ]*(.*)$/s.exec(argument) ?? [];
    const isValid = COUNTRIES.get(country);
    if (isValid === undefined) {
      throw new OperatorArgumentError(`"${country}" is not a country, expected cl or us`, {
        code: 'bad-country',
        offset: 0,
        length: country.length,
      });
    }
    if (pattern === '') {
      throw new OperatorArgumentError('no pattern behind the country, expected one', {
        help: 'write for example @validateNid us \\d{3}-\\d{2}-\\d{4}',
      });
    }
    const matcher = shifted(argument.length - pattern.length, () =>
      context.compilePattern(pattern, { multiline: true }),
    );
    return {
      pattern: matcher,
      evaluate: (value, run) => {
        const number = findNumber(matcher, value, 'validateNid', isValid);
        if (number === undefined) return false;
        if (run.capturing) run.captures.push(number.text);
        run.detail = `NID match "${argument}"`;
        return true;
      },
    };
  },
} satisfies OperatorDefinition);

/** Mistakes in the pattern are found in the pattern; here they are moved to where it stands. */
function shifted<T>(by: number, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof OperatorArgumentError) || error.offset === undefined) throw error;
    const { code, offset, length, help } = error;
    throw new OperatorArgumentError(error.message, {
      code,
      offset: offset + by,
      ...(length !== undefined && { length }),
      ...(help !== undefined && { help }),
    });
  }
}

const LEAST_LENGTH = 8;

/** The digits with their check character, K standing for 10; separators count for nothing. */
function isRutText(text: string): boolean {
  const rut = asciiLower(text).replace(/[^0-9k]/g, '');
  if (rut.length < LEAST_LENGTH) return false;
  const digits = digitsOf(rut.slice(0, -1));
  // A K anywhere else is no digit, and this no number.
  return digits.length === rut.length - 1 && isRut(digits, rut.slice(-1));
}
