// @validateNid (Coraza). A number that the pattern finds is a national identity number: `cl` is Chile's
// RUT, `us` the social security number.
//
// Coraza looks at the first ten matches and captures all that are valid. We look until one is, so that no
// number hides behind ten others, and capture that one.

import { asciiLower } from '../../base/ascii.ts';
import { OperatorArgumentError, type OperatorDefinition } from '../../model/operator.ts';
import { digitsOf, findNumber } from './verify.ts';
import { isSocialSecurityNumber } from './verify-ssn.ts';

const COUNTRIES: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['cl', isRut],
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
      evaluate: (value, run) => {
        const number = findNumber(matcher, value, 'validateNid', isValid);
        if (number === undefined) return false;
        if (run.capturing) run.captures.push(number);
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

/** Weights 2 to 7 from the right, over and over; the check digit completes the sum to 11, K stands for 10. */
function isRut(text: string): boolean {
  const rut = asciiLower(text).replace(/[^0-9k]/g, '');
  if (rut.length < LEAST_LENGTH) return false;
  const digits = digitsOf(rut.slice(0, -1));
  // A K anywhere else is no digit, and this no number.
  if (digits.length !== rut.length - 1) return false;
  const sum = digits.reduceRight(
    (total, digit, at) => total + digit * (2 + ((digits.length - 1 - at) % 6)),
    0,
  );
  return '0k987654321'.charAt(sum % 11) === rut.slice(-1);
}
