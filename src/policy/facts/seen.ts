// Whether a message was seen whole. What a rule does not find in half of a message may be in the other
// half, so a rule that blocks says then that it could not judge, instead of letting the message pass.

import { asciiLower } from '../../base/ascii.ts';
import { mediaEssence } from '../../http/mime.ts';
import type { TransactionView } from '../../model/view.ts';

/** Codes of engine errors. */
export type Gap =
  | 'arguments-limit'
  | 'request-body-limit'
  | 'request-body-unreadable'
  | 'response-body-charset'
  | 'response-body-encoded'
  | 'response-body-limit'
  | 'response-body-range'
  | 'response-body-stream';

/** `bytes`: as received; `arguments`: what was read of the target and the cookies; `parsed`: of the body too. */
export type Needs = 'bytes' | 'arguments' | 'parsed' | 'response';

/** What keeps the part from having been seen; undefined: nothing. `isCut`: who showed the body left its end out. */
export function gapIn(view: TransactionView, needs: Needs, isCut: boolean): Gap | undefined {
  switch (needs) {
    case 'arguments':
      return view.request.argumentsLimitPassed ? 'arguments-limit' : undefined;
    case 'bytes':
      return isCut || view.body.inboundDataError ? 'request-body-limit' : undefined;
    case 'parsed':
      if (isCut || view.body.inboundDataError) return 'request-body-limit';
      if (view.request.argumentsLimitPassed) return 'arguments-limit';
      return view.body.error ? 'request-body-unreadable' : undefined;
    case 'response':
      return responseGap(view, isCut);
  }
}

function responseGap(view: TransactionView, isCut: boolean): Gap | undefined {
  if (view.response.body === '' && !isCut) return undefined;
  const atHead = responseHeadGap(view);
  if (atHead !== undefined) return atHead;
  if (!mayHoldData(view)) return undefined;
  if (/^(?:\xff\xfe|\xfe\xff)/.test(view.response.body ?? '')) return 'response-body-charset';
  return isCut || view.response.outboundDataError ? 'response-body-limit' : undefined;
}

/** What the head of a response says already: its body will be unreadable, or a piece of something longer. */
export function responseHeadGap(view: TransactionView): Gap | undefined {
  const { status = 0 } = view.response;
  if (status < 200 || status === 204 || status === 304 || view.request.method === 'HEAD') {
    return undefined;
  }
  if (!mayHoldData(view)) return undefined;
  if (fields(view, 'content-length').some((length) => length === '0')) return undefined;
  const codings = fields(view, 'content-encoding').flatMap((field) => field.split(','));
  if (codings.some((coding) => !/^\s*(?:identity)?\s*$/i.test(coding))) {
    return 'response-body-encoded';
  }
  if (fields(view, 'content-type').some((type) => WIDE.test(type))) return 'response-body-charset';
  // Of what is asked for in pieces, a value may be cut in two.
  if (status === 206) return 'response-body-range';
  return typesOf(view).includes('text/event-stream') ? 'response-body-stream' : undefined;
}

/** Encodings in which letters and digits are other bytes than in ASCII: what is looked for would not be found. */
const WIDE =
  /;\s*charset\s*=\s*["']?(?:utf-?(?:7|16|32)|ucs-?[24]|iso-10646-ucs|unicode|cp037|ibm|ebcdic)/i;

/** Pictures, sound and fonts hold no data in text; everything else may, whatever it is called. */
export function mayHoldData(view: TransactionView): boolean {
  const types = typesOf(view);
  return (
    types.length === 0 || types.some((type) => !/^(?:image(?!\/svg)|audio|video|font)\//.test(type))
  );
}

function typesOf(view: TransactionView): readonly string[] {
  return fields(view, 'content-type').map(mediaEssence);
}

function fields({ response }: TransactionView, name: string): readonly string[] {
  return response.headers.pairs
    .filter(({ key }) => asciiLower(key) === name)
    .map(({ value }) => value);
}
