// Reads a multipart body once more with busboy, as the Node application behind us will, and names the
// first thing on which the two readings differ. What they read differently, nobody has inspected.
//
// Runs synchronously: busboy parses a chunk within write(), and we give it the whole body as one.
// Apart from this file nothing in this directory needs Node.

import busboy from 'busboy';
import { fromByteString, toByteString, utf8ByteString } from '../base/bytes.ts';
import type { MultipartPeer, OwnMultipartReading } from '../model/multipart-peer.ts';
import type { Pair } from '../model/pair.ts';

export interface PeerFile {
  readonly field: string;
  readonly filename: string;
  readonly size: number;
}

export interface PeerReading {
  /** Parts that the application gets as values, in order; parts without a file name among them. */
  readonly fields: readonly Pair[];
  readonly files: readonly PeerFile[];
  /** Why busboy gives up; what it read before that is in the lists. */
  readonly refusal: string | undefined;
}

// Each file costs a stream object.
const MOST_FILES = 2000;

/** Never throws. */
export function readWithBusboy(body: string, contentType: string): PeerReading {
  const fields: { key: string; value: string }[] = [];
  const files: { field: string; filename: string; size: number }[] = [];
  // Streams hold their data until the whole body is parsed.
  const unread: (() => void)[] = [];
  let refusal: string | undefined;
  let isReading = false;
  const refuse = (error: unknown): void => {
    refusal ??= error instanceof Error ? error.message : String(error);
  };
  try {
    const parser = busboy({
      headers: { 'content-type': contentType },
      // Values as bytes, unless the part names another charset; names are bytes by default.
      defCharset: 'latin1',
      preservePath: true,
      highWaterMark: body.length + 1,
      fileHwm: body.length + 1,
      limits: { fieldSize: Number.POSITIVE_INFINITY, files: MOST_FILES },
    });
    parser.on('error', (error) => {
      refuse(error);
      // What busboy makes of the rest does not matter; it goes on, with an error for each broken part.
      if (isReading) throw error;
    });
    parser.on('filesLimit', () => refuse('more files than are compared'));
    parser.on('field', (name: string | undefined, value) => {
      fields.push({ key: name ?? '', value });
    });
    parser.on('file', (name: string | undefined, stream, { filename }: { filename?: string }) => {
      stream.on('error', refuse);
      if (filename === undefined) {
        const field = { key: name ?? '', value: '' };
        fields.push(field);
        unread.push(() => {
          const data: unknown = stream.read();
          if (data instanceof Uint8Array) field.value = toByteString(data);
        });
      } else {
        const file = { field: name ?? '', filename, size: 0 };
        files.push(file);
        unread.push(() => {
          file.size = stream.readableLength;
        });
      }
    });
    isReading = true;
    parser.write(fromByteString(body));
    isReading = false;
    for (const take of unread) take();
    // Tells at once whether the form was complete; end() would tell in a later turn.
    parser.destroy();
    if (parser.errored !== null) refuse(parser.errored);
  } catch (error) {
    isReading = false;
    refuse(error);
  }
  return { fields, files, refusal };
}

/**
 * The first disagreement, in words; undefined when both readings give the same names, values, file
 * names and sizes in the same order.
 *
 * A file with an empty name (an unused file input) is a field to busboy; that alone is no disagreement.
 */
export function compareReadings(own: OwnMultipartReading, peer: PeerReading): string | undefined {
  if (peer.refusal !== undefined) return `busboy refuses: ${peer.refusal}`;
  const unnamed = own.files.filter(({ filename }) => filename === '');
  const named = own.files.filter(({ filename }) => filename !== '');
  if (own.args.length + unnamed.length !== peer.fields.length) {
    return `busboy reads ${peer.fields.length} fields, not ${own.args.length + unnamed.length}`;
  }
  if (named.length !== peer.files.length) {
    return `busboy reads ${peer.files.length} files, not ${named.length}`;
  }
  const misread = misreadField(own.args, unnamed, peer.fields);
  if (misread !== undefined) return misread;
  for (const [at, file] of peer.files.entries()) {
    const ours = named[at]!;
    if (ours.field !== file.field) return `name of file field ${at + 1}`;
    if (!isSameText(ours.filename, file.filename)) return `file name ${at + 1}`;
    if (ours.size !== file.size) return `size of file ${at + 1}`;
  }
  return undefined;
}

/** So many ways to take fields and unnamed files for one another are followed; alike ones may be either. */
const MOST_WAYS = 64;

/**
 * The first field that is neither the next of our fields nor the next of our unnamed files, however those before it
 * are taken: where both are alike, busboy does not tell which it is.
 */
function misreadField(
  args: readonly Pair[],
  unnamed: OwnMultipartReading['files'],
  fields: readonly Pair[],
): string | undefined {
  /** How many of our fields may have been taken so far. */
  let ways: readonly number[] = [0];
  for (const [at, field] of fields.entries()) {
    const next = new Set<number>();
    for (const taken of ways) {
      const arg = args[taken];
      const file = unnamed[at - taken];
      if (arg?.key === field.key && isSameText(arg.value, field.value)) next.add(taken + 1);
      if (file?.field === field.key && file.size === field.value.length) next.add(taken);
    }
    if (next.size === 0) {
      const isNamed = ways.some((taken) => args[taken]?.key === field.key);
      return isNamed ? `value of field ${at + 1}` : `name of field ${at + 1}`;
    }
    ways = [...next].slice(0, MOST_WAYS);
  }
  return undefined;
}

/** Both at once, in the shape that the engine takes. */
export const comparedWithBusboy: MultipartPeer = (body, contentType, own) =>
  compareReadings(own, readWithBusboy(body, contentType));

/** `charset=utf-8` in a part and `filename*` make busboy decode; the bytes are what counts. */
function isSameText(own: string, peer: string): boolean {
  return own === peer || own === utf8ByteString(peer);
}
