// One change to one file, kept as close to its layout as can be, and proved: the text that comes out means
// exactly what the change says, or there is none.

import { isMap, isSeq, parseDocument } from 'yaml';
import type { EditPath, LaidOut } from './layout.ts';
import { spliceAppend, spliceCopy, spliceRemove, spliceSet, spliceUnset } from './splice.ts';
import { cloneValue, removeAt, sameValue, setAt } from './values.ts';

/** A change to the values of a file. */
export type FileEdit =
  | { readonly kind: 'set'; readonly path: EditPath; readonly value: unknown }
  | { readonly kind: 'unset'; readonly path: EditPath }
  | { readonly kind: 'remove'; readonly section: string; readonly index: number }
  | { readonly kind: 'copy'; readonly section: string; readonly index: number }
  | { readonly kind: 'append'; readonly section: string; readonly value: object };

/** Undefined for a text that is no YAML. */
export function layOut(text: string): LaidOut | undefined {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false });
  return document.errors.length > 0 ? undefined : { text, document, isJson: isJson(text) };
}

/** Undefined when the change makes no sense for this file: a path through a text, say. */
export function applyEdit(text: string, edit: FileEdit): string | undefined {
  // What is put in has plain line breaks; a file with others gets its own back.
  const isCrlf = /\r\n/.test(text);
  const laid = layOut(isCrlf ? text.replaceAll('\r\n', '\n') : text);
  if (laid === undefined) return undefined;
  const before = readValue(laid.text);
  const wanted = expected(before, edit);
  if (wanted === undefined) return undefined;
  const ways: readonly (() => string | undefined)[] = [
    () => spliced(laid, edit),
    () => rewritten(laid, edit),
  ];
  for (const way of ways) {
    const changed = way();
    if (changed !== undefined && sameValue(readValue(changed), wanted)) {
      return isCrlf ? changed.replaceAll('\n', '\r\n') : changed;
    }
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const UNREADABLE = Symbol('unreadable');

function readValue(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) return UNREADABLE;
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    return UNREADABLE;
  }
}

function expected(before: unknown, edit: FileEdit): unknown {
  const after = cloneValue(before);
  switch (edit.kind) {
    case 'set':
      return setAt(after, edit.path, edit.value) ? after : undefined;
    case 'unset':
      return removeAt(after, edit.path) ? after : undefined;
    case 'remove':
      return removeAt(after, [edit.section, edit.index]) ? after : undefined;
    case 'copy': {
      const list = (after as Record<string, unknown[]>)[edit.section];
      const item = list?.[edit.index];
      if (list === undefined || item === undefined) return undefined;
      list.splice(edit.index + 1, 0, cloneValue(item));
      return after;
    }
    case 'append': {
      const sections = after as Record<string, unknown[]>;
      const list = sections[edit.section] ?? [];
      sections[edit.section] = [...list, edit.value];
      return after;
    }
  }
}

function spliced(laid: LaidOut, edit: FileEdit): string | undefined {
  switch (edit.kind) {
    case 'set':
      return spliceSet(laid, edit.path, edit.value);
    case 'unset':
      return spliceUnset(laid, edit.path);
    case 'remove':
      return spliceRemove(laid, edit.section, edit.index);
    case 'copy':
      return spliceCopy(laid, edit.section, edit.index);
    case 'append':
      return spliceAppend(laid, edit.section, edit.value);
  }
}

/** The whole file anew: comments stay, white space may not. */
function rewritten({ text, isJson }: LaidOut, edit: FileEdit): string | undefined {
  if (isJson) {
    const after = expected(JSON.parse(text), edit);
    const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
    return after === undefined ? undefined : `${JSON.stringify(after, undefined, indent)}\n`;
  }
  const document = parseDocument(text);
  try {
    if (edit.kind === 'set') document.setIn(edit.path, document.createNode(edit.value));
    else if (edit.kind === 'unset') document.deleteIn(edit.path);
    else if (edit.kind === 'remove') document.deleteIn([edit.section, edit.index]);
    else if (edit.kind === 'append') {
      if (document.hasIn([edit.section])) document.addIn([edit.section], edit.value);
      else document.setIn([edit.section], document.createNode([edit.value]));
    } else {
      const list = document.getIn([edit.section]);
      const item = document.getIn([edit.section, edit.index]);
      if (!isSeq(list) || !isMap(item)) return undefined;
      list.items.splice(edit.index + 1, 0, document.createNode(item.toJS(document)));
    }
    return document.toString({ lineWidth: 0 });
  } catch {
    // A path through a scalar or an alias.
    return undefined;
  }
}
