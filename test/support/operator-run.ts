// What an operator is run with in tests: captures on, and a transaction that keeps what it is given.

import { BodyFacts } from '../../src/engine/body-facts.ts';
import { parseXml } from '../../src/http/xml.ts';
import type {
  OperatorContext,
  OperatorRun,
  OperatorTransaction,
} from '../../src/model/operator.ts';
import type { Pair } from '../../src/model/pair.ts';
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts';
import { compilePattern } from '../../src/regex/matcher.ts';

export interface RecordingTransaction extends OperatorTransaction {
  readonly geo: Pair[];
  readonly pathArguments: Pair[];
  readonly told: string[];
}

export function recordingTransaction(
  rawBody?: string,
  settings: OperatorTransaction['settings'] = DEFAULT_SETTINGS,
): RecordingTransaction {
  const geo: Pair[] = [];
  const pathArguments: Pair[] = [];
  const told: string[] = [];
  return {
    told,
    tell: (_level, text) => {
      told.push(text);
    },
    geo,
    pathArguments,
    rawBody,
    settings,
    body: xmlFacts(rawBody ?? ''),
    setGeo: (entries) => {
      geo.splice(0, geo.length, ...entries);
    },
    addPathArguments: (args) => {
      pathArguments.push(...args);
    },
  };
}

/** The body as it would be seen if it were sent as XML. */
function xmlFacts(body: string): BodyFacts {
  const facts = new BodyFacts();
  const { document, error } = parseXml(body);
  facts.document = document;
  if (error !== undefined) facts.failProcessor(error);
  return facts;
}

export function capturingRun(argument: string): OperatorRun {
  return {
    capturing: true,
    captures: [],
    argument,
    detail: '',
    transaction: recordingTransaction(),
  };
}

/** What an operator may ask for while it is compiled: patterns, and nothing else unless it is given. */
export function operatorContext(given: Partial<OperatorContext> = {}): OperatorContext {
  return {
    hasMacros: false,
    compilePattern,
    readData: () => undefined,
    dataset: () => undefined,
    geoDatabase: undefined,
    loadXmlGrammar: undefined,
    warn: () => {},
    ...given,
  };
}
