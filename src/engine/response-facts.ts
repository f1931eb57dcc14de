// Derives what rules see of a response.

import { asciiLower } from '../base/ascii.ts';
import { mediaEssence } from '../http/mime.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { ResponseHead } from '../model/exchange.ts';
import type { PairList, ResponseView } from '../model/view.ts';
import { EMPTY_LIST, pairList } from './collections.ts';

export class ResponseFacts implements ResponseView {
  status: number | undefined = undefined;
  protocol = '';
  statusLine = '';
  headers: PairList = EMPTY_LIST;
  contentType = '';
  body: string | undefined = undefined;
  contentLength = 0;
  outboundDataError = false;

  /** The status of an answer of our own. */
  answer(status: number): void {
    this.status = status;
    this.statusLine = String(status);
  }

  readHead(head: ResponseHead, requestProtocol: string, behaviour: Behaviour): void {
    this.status = head.status;
    this.statusLine = behaviour.statusLine === 'empty' ? '' : String(head.status);
    this.protocol = head.version ?? requestProtocol;
    this.headers = pairList(head.headers.map(([key, value]) => ({ key, value })));
    for (const [key, value] of head.headers) {
      if (asciiLower(key) === 'content-type') {
        this.contentType = behaviour.responseType === 'as-sent' ? value : mediaEssence(value);
      }
    }
  }
}
