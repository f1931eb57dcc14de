// The rules of a command line as a peer can load them: the same files, less what it refuses.
//
// Everything is one configuration, included from one file: loaded one by one, libmodsecurity lets the first
// setting win instead of the last. Files are included where they lie, so that they find their data files.

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Source } from '../diagnostics/source.ts';
import type { ActionNode, Directive } from '../seclang/ast.ts';
import { parse } from '../seclang/parse.ts';

export interface PeerRules {
  /** Ids of rules that the peer cannot load. */
  readonly foreignRules: readonly number[];
  /** Settings that mean something else to the peer, in lower case. */
  readonly foreignSettings: readonly string[];
  /** Directives that load last. */
  readonly settings: string;
}

function actionValue(
  actions: readonly ActionNode[] | undefined,
  wanted: string,
): string | undefined {
  return actions?.find(({ name }) => name === wanted)?.value;
}

/** The text without the directives that `isUnwanted` names. */
function without(source: Source, isUnwanted: (directive: Directive) => boolean): string {
  let text = '';
  let from = 0;
  for (const directive of parse(source).document.directives) {
    if (!isUnwanted(directive)) continue;
    text += source.text.slice(from, directive.span.start);
    from = directive.span.end;
  }
  return text + source.text.slice(from);
}

/**
 * The text of each source for the peer. libmodsecurity takes one SecDefaultAction for a phase; the last one
 * is kept, so rules in front of it must not rely on an earlier one.
 */
export function peerTexts(sources: readonly Source[], peer: PeerRules): readonly string[] {
  const phasesLater = new Set<string | undefined>();
  const texts: string[] = [];
  for (const source of [...sources].reverse()) {
    const phases: (string | undefined)[] = [];
    const text = without(source, (directive) => {
      if (directive.type === 'rule') {
        return peer.foreignRules.includes(Number(actionValue(directive.actions, 'id')));
      }
      if (directive.type === 'setting') {
        return peer.foreignSettings.includes(directive.name.toLowerCase());
      }
      if (directive.type !== 'default-action') return false;
      const phase = actionValue(directive.actions, 'phase');
      phases.push(phase);
      return phasesLater.has(phase);
    });
    for (const phase of phases) phasesLater.add(phase);
    texts.unshift(text);
  }
  return texts;
}

/** Writes what the peer shall load into `folder`; returns the path of the main file. */
export function writePeerRules(
  folder: string,
  sources: readonly Source[],
  peer: PeerRules,
): string {
  const texts = peerTexts(sources, peer);
  const paths = sources.map((source, index) => {
    if (texts[index] === source.text) return resolve(source.name);
    const changed = join(folder, `${index}.conf`);
    writeFileSync(changed, texts[index] ?? '', 'latin1');
    return changed;
  });
  const main = join(folder, 'main.conf');
  writeFileSync(
    main,
    `${paths.map((path) => `Include "${path}"\n`).join('')}${peer.settings}`,
    'utf8',
  );
  return main;
}
