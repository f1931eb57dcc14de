// The thread that judges XML documents by DTDs and schemas, with libxml2 in WebAssembly.
//
// Files are asked for only while a grammar is loaded, which is the rules' author's work. A document can
// name no file that would be read: no external entity, no DTD, no xsi:schemaLocation.

import {
  closeBuffer,
  DtdValidator,
  openBuffer,
  ParseOption,
  readBuffer,
  XmlDocument,
  XmlDtd,
  XmlLibError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import { threadSide } from './sync-thread-side.ts';
import type { FromXmlThread, ToXmlThread } from './xml-messages.ts';

const loader = threadSide<ToXmlThread, FromXmlThread>();
const validators = new Map<number, DtdValidator | XsdValidator>();
let loading = false;

const DOCUMENT = ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET;
const LONGEST_FAULT = 1000;

function askForFile(path: string): string | undefined {
  const answer = loader.ask({ kind: 'file', path });
  return answer?.kind === 'file' ? answer.bytes : undefined;
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

function load({ id, grammar, path, bytes }: ToXmlThread & { kind: 'load' }): void {
  if (grammar === 'dtd') {
    validators.set(id, new DtdValidator(XmlDtd.fromBuffer(bytesOf(bytes))));
    return;
  }
  const schema = parseSchema(bytes, path);
  try {
    validators.set(id, XsdValidator.fromDoc(schema));
  } finally {
    schema.dispose();
  }
}

/** libxml2 says so itself when it opens the file. */
function parseSchema(bytes: string, path: string): XmlDocument {
  try {
    return XmlDocument.fromBuffer(bytesOf(bytes), { url: path });
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    const opening = `Failed to parse the XML resource '${path}'.`;
    throw new XmlLibError(`${opening}\n${error.message}`, error.details);
  }
}

function validate({ id, bytes }: ToXmlThread & { kind: 'validate' }): void {
  const document = XmlDocument.fromBuffer(bytesOf(bytes), { option: DOCUMENT });
  try {
    validators.get(id)?.validate(document);
  } finally {
    document.dispose();
  }
}

function answer(message: ToXmlThread): FromXmlThread {
  try {
    loading = message.kind === 'load';
    if (message.kind === 'load') load(message);
    if (message.kind === 'validate') validate(message);
    return { kind: 'fine' };
  } catch (error) {
    const text = (error instanceof Error ? error.message : String(error)).trim();
    // Anything but a finding of libxml2's is a failure, memory that ran out for example.
    const kind = error instanceof XmlLibError ? 'fault' : 'failed';
    return { kind, text: text.slice(0, LONGEST_FAULT) };
  } finally {
    loading = false;
  }
}

xmlRegisterInputProvider({
  match: () => loading,
  open: (path) => {
    const bytes = askForFile(path);
    return bytes === undefined ? undefined : openBuffer(bytesOf(bytes));
  },
  read: readBuffer,
  close: (file) => {
    closeBuffer(file);
    return true;
  },
});
loader.answer(answer);
