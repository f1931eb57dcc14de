// Texts in which values, halves of values and what may stand around them follow one another.

import fc from 'fast-check';
import { EXAMPLES } from './examples.ts';

const plain = (text: string): string => text.replaceAll(/\[\[(.*?)\]\]/gs, '$1');
const examples = Object.values(EXAMPLES).flatMap(({ finds, ignores }) => [
  ...finds.map(plain),
  ...ignores,
]);

const joint = fc.constantFrom(
  '',
  ' ',
  '\n',
  '-',
  '.',
  ',"',
  '":"',
  '=',
  '%20',
  '\\n',
  '\\',
  '@',
  '<b>',
  '_',
);
const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const example = fc.constantFrom(...examples);
const part = fc
  .tuple(example, fc.nat(300), fc.nat(300))
  .map(([text, from, to]) => text.slice(Math.min(from, to) % text.length, Math.max(from, to)));
const filler = fc
  .tuple(fc.constantFrom('a', '1', 'a1', ' ', 'x.', '7-'), fc.nat(200))
  .map(([unit, times]) => unit.repeat(times));

/** Byte strings of up to some thousand bytes. */
export const fragments: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: example }, part, byte, joint, filler), { maxLength: 14 })
  .chain((parts) =>
    fc
      .array(joint, { minLength: parts.length, maxLength: parts.length })
      .map((joints) => parts.map((text, at) => text + joints[at]!).join('')),
  );
