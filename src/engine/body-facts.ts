// What rules see of the request body, filled when the body is complete.

import type { XmlDocument } from '../http/xml-tree.ts';
import type { XPath } from '../http/xpath.ts';
import { evaluateXPath } from '../http/xpath-evaluate.ts';

import type { Pair } from '../model/pair.ts';
import type { BodyView, FileView, MultipartView } from '../model/view.ts';

/** Looks up the compiled form of an XPath of the rule set; undefined when it is not valid. */
export type FindXPath = (expression: string) => XPath | undefined;

export class BodyFacts implements BodyView {
  processor = '';
  /** ctl:forceRequestBodyVariable: REQUEST_BODY is set although no processor ran. */
  forced = false;
  text: string | undefined = undefined;
  length: number | undefined = undefined;
  error = false;
  errorMessage = '';
  processorError = false;
  processorErrorMessage = '';
  inboundDataError = false;
  files: readonly FileView[] = [];
  filesSize: number | undefined = undefined;
  fileNames: readonly Pair[] = [];
  multipart: MultipartView | undefined = undefined;
  document: XmlDocument | undefined = undefined;
  /** In place of a document: the values of the expressions that there are (Coraza). */
  xmlValues: ReadonlyMap<string, readonly string[]> | undefined = undefined;
  dtd: readonly Pair[] = [];
  findXPath: FindXPath = () => undefined;
  readonly #results = new Map<string, readonly string[]>();

  get hasXml(): boolean {
    return this.document !== undefined || this.xmlValues !== undefined;
  }

  xpath = (expression: string): readonly string[] => {
    if (this.xmlValues !== undefined) return this.xmlValues.get(expression) ?? [];
    if (this.document === undefined) return [];
    const known = this.#results.get(expression);
    if (known !== undefined) return known;
    const xpath = this.findXPath(expression);
    const values = xpath === undefined ? [] : evaluateXPath(this.document, xpath);
    this.#results.set(expression, values);
    return values;
  };

  failProcessor(message: string): void {
    this.processorError = true;
    this.processorErrorMessage = message;
    this.failBody(message);
  }

  failBody(message: string): void {
    this.error = true;
    if (this.errorMessage === '') this.errorMessage = message;
  }
}
