import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BodyFraming, bodyReader } from '../../../src/adapters/http1/body-reader.ts';
import { FramingError } from '../../../src/adapters/http1/errors.ts';
import type { ByteSource } from '../../../src/adapters/http1/socket-reader.ts';

function sourceOf(pieces: readonly Buffer[]): ByteSource & { rest(): string } {
  const queue = pieces.filter((piece) => piece.length > 0);
  return {
    read: async () => queue.shift() ?? null,
    unshift: (bytes) => {
      if (bytes.length > 0) queue.unshift(bytes);
    },
    rest: () => Buffer.concat(queue).toString('latin1'),
  };
}

async function readAll(
  framing: BodyFraming,
  pieces: readonly Buffer[],
): Promise<{ content: string; rest: string }> {
  const source = sourceOf(pieces);
  const reader = bodyReader(framing, source);
  let content = '';
  for (let chunk = await reader.next(); chunk !== null; chunk = await reader.next()) {
    content += chunk.toString('latin1');
  }
  expect(reader.finished).toBe(true);
  return { content, rest: source.rest() };
}

function cut(text: string, sizes: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  pieces.push(bytes.subarray(at));
  return pieces;
}

const CHUNKED: BodyFraming = { kind: 'chunked' };

describe('bodyReader', () => {
  it('leaves what follows a body of known length', async () => {
    const pieces = [Buffer.from('abcNEXT')];
    expect(await readAll({ kind: 'length', bytes: 3 }, pieces)).toEqual({
      content: 'abc',
      rest: 'NEXT',
    });
  });

  it('rejects a body that ends early', async () => {
    const early = readAll({ kind: 'length', bytes: 3 }, [Buffer.from('ab')]);
    await expect(early).rejects.toThrow(FramingError);
    await expect(readAll(CHUNKED, [Buffer.from('3\r\nab')])).rejects.toThrow(FramingError);
  });

  it('reads until the end when nothing else says where', async () => {
    const pieces = [Buffer.from('a'), Buffer.from('b')];
    expect((await readAll({ kind: 'until-close' }, pieces)).content).toBe('ab');
  });

  it('reads any chunking of any content, however it is cut into reads', async () => {
    const chunk = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(chunk, { maxLength: 8 }),
        fc.array(fc.nat(12), { maxLength: 30 }),
        async (chunks, sizes) => {
          const body = chunks
            .map((text) => `${text.length.toString(16)};x\r\n${text}\r\n`)
            .join('');
          const pieces = cut(`${body}0\r\nT: 1\r\n\r\nNEXT`, sizes);
          expect(await readAll(CHUNKED, pieces)).toEqual({
            content: chunks.join(''),
            rest: 'NEXT',
          });
        },
      ),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
    );
  });

  it('answers one-byte chunks in one piece per read', async () => {
    const reader = bodyReader(
      CHUNKED,
      sourceOf([Buffer.from(`${'1\r\na\r\n'.repeat(10_000)}0\r\n\r\n`)]),
    );
    expect((await reader.next())?.length).toBe(10_000);
    expect(await reader.next()).toBeNull();
  });

  it('never throws anything but FramingError on any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('0', '1', 'a', ';', '\r', '\n', '\r\n', ' ', '\x00', 'X: y'), {
          maxLength: 20,
        }),
        async (parts) => {
          try {
            await readAll(CHUNKED, [Buffer.from(parts.join(''), 'latin1')]);
          } catch (error) {
            expect(error).toBeInstanceOf(FramingError);
          }
        },
      ),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
    );
  });
});
