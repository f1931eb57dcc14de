// What @validateDTD and @validateSchema share: they match when the XML body is not what a grammar allows.
//
// They look at the body, whatever the target is; by custom that is XML. Everything that keeps a body from
// being found valid is a match: no XML at all, XML that is not well-formed, and a grammar that is broken,
// of which the load warns. A grammar that is missing does not load.

import { utf8ByteString } from '../../base/bytes.ts';
import {
  OperatorArgumentError,
  type OperatorDefinition,
  type OperatorTransaction,
  type XmlGrammar,
  type XmlValidator,
} from '../../model/operator.ts';

export interface GrammarOperator {
  readonly name: string;
  readonly summary: string;
  readonly kind: XmlGrammar['kind'];
  /** What logs call the grammar. */
  readonly label: string;
}

export function invalidXml({ name, summary, kind, label }: GrammarOperator): OperatorDefinition {
  return Object.freeze({
    name,
    summary,
    argument: 'required',
    macros: false,
    compile: (path, context) => {
      const { readData, loadXmlGrammar } = context;
      if (loadXmlGrammar === undefined) {
        throw new OperatorArgumentError(`@${name} needs threads, which are not available here`);
      }
      if (/\.json$/i.test(path)) {
        throw new OperatorArgumentError(`"${path}" is not a grammar of XML`, {
          help: 'JSON schemas, which Coraza takes here, are not supported',
        });
      }
      const bytes = readData(path);
      if (bytes === undefined) {
        throw new OperatorArgumentError(`there is no data file "${path}"`, {
          code: 'missing-data-file',
          help: 'paths are relative to the rule file',
        });
      }
      const validator = loadXmlGrammar({
        kind,
        path,
        bytes,
        readFile: (name) =>
          (kind === 'dtd' ? readData(beside(path, name)) : undefined) ?? readData(name),
      });
      if (validator.grammarFault !== undefined) {
        context.warn({
          code: 'bad-xml-grammar',
          message: `the ${label} "${path}" cannot be used, so every document is invalid: ${validator.grammarFault}`,
        });
      }
      const faultIn = rememberFaults(validator);
      const title = kind === 'dtd' ? 'DTD' : 'Schema';
      const words: GrammarWords = { title, path, grammarFault: validator.grammarFault };
      const lockedOut = {
        ...words,
        grammarFault: `Failed to locate the main schema resource at '${path}'.`,
      };
      return {
        evaluate: (_value, run) => {
          const { transaction } = run;
          const isLocked = isLockedOut(transaction);
          const fault = isLocked ? 'grammars are not read' : faultIn(transaction);
          const lines = debugLines(isLocked ? lockedOut : words, fault);
          for (const line of lines) transaction.tell(4, line);
          if (fault === undefined) return false;
          run.detail = `XML: ${label} validation failed: ${utf8ByteString(fault)}`;
          return true;
        },
      };
    },
  } satisfies OperatorDefinition);
}

/** libmodsecurity keeps libxml2 from all files while it is not to load external entities: grammars too. */
function isLockedOut({ settings: { behaviour, other } }: OperatorTransaction): boolean {
  if (behaviour.xmlGrammars === 'always') return false;
  return other.get('secxmlexternalentity')?.at(-1)?.[0]?.toLowerCase() !== 'on';
}

/** A relative name, seen from the file that holds it. */
function beside(path: string, name: string): string {
  return name.startsWith('/') ? name : path.slice(0, path.lastIndexOf('/') + 1) + name;
}

interface GrammarWords {
  readonly title: 'DTD' | 'Schema';
  readonly path: string;
  readonly grammarFault: string | undefined;
}

/** The outcome in the words of libmodsecurity and libxml2. */
function debugLines(
  { title, path, grammarFault }: GrammarWords,
  fault?: string,
): readonly string[] {
  if (grammarFault !== undefined) {
    const why = title === 'DTD' ? '' : `. ${libxmlErrors(grammarFault)[0]}`;
    return [`XML: Failed to load ${title}: ${path}${why}`];
  }
  switch (fault) {
    case undefined:
      return [`XML: Successfully validated payload against ${title}: ${path}`];
    case NO_DOCUMENT: {
      const what = title === 'DTD' ? title : 'schema';
      return [`XML document tree could not be found for ${what} validation.`];
    }
    case NOT_WELL_FORMED:
      return [`XML: ${title} validation failed because content is not well formed.`];
    default:
      return [...libxmlErrors(fault), `XML: ${title} validation failed.`];
  }
}

const libxmlErrors = (fault: string): readonly string[] =>
  utf8ByteString(fault)
    .trimEnd()
    .split('\n')
    .map((line) => `XML Error: ${line}`);

const NO_DOCUMENT = 'there is no XML document';
const NOT_WELL_FORMED = 'the content is not well-formed';

/** A body is judged once, however many targets the rule has. */
function rememberFaults(
  validator: XmlValidator,
): (transaction: OperatorTransaction) => string | undefined {
  const judged = new WeakMap<OperatorTransaction, { readonly fault: string | undefined }>();
  return (transaction) => {
    const { body, rawBody } = transaction;
    if (body.processor === 'XML' && body.processorError) return NOT_WELL_FORMED;
    if (rawBody === undefined || !body.hasXml) return NO_DOCUMENT;
    if (body.processorError) return NOT_WELL_FORMED;
    const known = judged.get(transaction);
    if (known !== undefined) return known.fault;
    const fault = validator.faultOf(rawBody);
    judged.set(transaction, { fault });
    return fault;
  };
}
