import { describe, expect, it } from 'vitest';
import { DIRECTIVES, findDirective } from '../../src/seclang/directives.ts';
import { codesOf, parseText } from './tree.ts';

describe('the table of directives', () => {
  it('has every name once', () => {
    const names = DIRECTIVES.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  it('gives a reason for each directive that is not carried out', () => {
    for (const { effect, reason } of DIRECTIVES) {
      expect(reason === undefined).toBe(effect === 'engine');
    }
  });

  it('finds old names', () => {
    expect(findDirective('secreadstatelimit')?.name).toBe('SecConnReadStateLimit');
  });

  for (const { name, minimum, maximum, effect } of DIRECTIVES) {
    it(`agrees with the grammar on the words of ${name}`, () => {
      const most = Math.min(maximum, minimum + 3);
      for (let count = 0; count <= most + 1; count++) {
        const text = [name, ...Array<string>(count).fill('a')].join(' ');
        const isRight = count >= minimum && count <= maximum;
        const codes = isRight
          ? effect === 'refused'
            ? ['refused-directive']
            : []
          : ['wrong-argument-count'];
        expect(codesOf(text)).toEqual(codes);
      }
      const { document } = parseText([name, ...Array<string>(minimum).fill('a')].join(' '));
      expect(document.directives).toHaveLength(effect === 'refused' ? 0 : 1);
    });
  }
});
