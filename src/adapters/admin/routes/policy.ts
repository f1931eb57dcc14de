// The policy as a whole: its documents, what is wrong with one, what it says in words, and why it decides.

import { z } from 'zod';
import { utf8ByteString } from '../../../base/bytes.ts';
import { jsonReport } from '../../../diagnostics/render-json.ts';
import { policyJsonSchema } from '../../../policy/document/json-schema.ts';
import { readPolicy } from '../../../policy/document/read.ts';
import { decodeText } from '../../../policy/edit/text.ts';
import { policyInWords } from '../../../policy/words.ts';
import { versionOf } from '../../../waf/policy-book.ts';
import { publicEvent } from '../../events/public-event.ts';
import { parseExchangeRecord, RecordError } from '../../exchange-record.ts';
import { AdminError } from '../admin-error.ts';
import { done, publicEvent as eventShape, refused, report } from '../answers.ts';
import { defineRoute, etag, ok, type Route } from '../route.ts';
import { bookOf } from './changes.ts';

const file = z.object({ name: z.string(), text: z.string() });

const show = defineRoute({
  id: 'showPolicy',
  method: 'GET',
  path: '/policy',
  summary: 'The documents of the policy, as they are on disk.',
  answers: [done('The documents.', z.object({ version: z.string(), files: z.array(file) }))],
  run: async (context) => {
    const texts = bookOf(context).texts();
    const version = versionOf(texts);
    const files = texts.map(({ name, text }) => ({ name, text: decodeText(text) ?? text }));
    return ok({ version, files }, etag(version));
  },
});

interface CheckBody {
  readonly files?: readonly { readonly name: string; readonly text: string }[] | undefined;
}

const check = defineRoute<undefined, CheckBody>({
  id: 'checkPolicy',
  method: 'POST',
  path: '/policy/check',
  summary: 'All that is wrong with documents; by default with those on disk.',
  body: z.strictObject({
    files: z
      .array(z.strictObject({ name: z.string().min(1).max(1000), text: z.string() }))
      .min(1)
      .max(200)
      .optional(),
  }),
  answers: [done('Findings; the documents may run when none is an error.', report)],
  run: async (context, { body: { files } }) => {
    const texts =
      files?.map(({ name, text }) => ({ name, text: utf8ByteString(text) })) ??
      bookOf(context).texts();
    return ok(jsonReport(context.checkPolicy(texts).diagnostics));
  },
});

const words = defineRoute({
  id: 'policyInWords',
  method: 'GET',
  path: '/policy/explain',
  summary: 'What each rule does, in words.',
  answers: [
    done(
      'One sentence for each rule.',
      z.array(z.object({ section: z.string(), name: z.string(), text: z.string() })),
    ),
  ],
  run: async (context) => {
    const { document } = readPolicy(bookOf(context).texts());
    return ok(policyInWords(document, Date.now()));
  },
});

const explain = defineRoute<undefined, { readonly exchange: object }>({
  id: 'explainExchange',
  method: 'POST',
  path: '/policy/explain',
  summary: 'Why rules and policy decide as they do on an exchange. It counts for nobody.',
  body: z.strictObject({
    exchange: z.record(z.string(), z.unknown()).describe('An exchange record, as eval reads it.'),
  }),
  answers: [
    done(
      'The decision, with each row that was looked at.',
      z.object({
        effect: z.enum(['allow', 'block']),
        row: z.string(),
        rule: z.string().nullable(),
        status: z.number().int().nullable(),
        trace: z.array(z.object({ row: z.string(), applies: z.boolean(), reason: z.string() })),
        events: z.array(eventShape),
      }),
    ),
    refused(422, 'The exchange cannot be read.'),
  ],
  run: async (context, { body }) => {
    try {
      const record = parseExchangeRecord(JSON.stringify(body.exchange));
      const { decision, events } = context.explain(record);
      const { effect, row, rule, status, trace } = decision;
      return ok({
        effect,
        row,
        rule: rule ?? null,
        status: status ?? null,
        trace,
        events: events.map((event, at) => ({ number: at + 1, ...publicEvent(event) })),
      });
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      throw new AdminError(422, 'bad-body', error.message);
    }
  },
});

const schema = defineRoute({
  id: 'policySchema',
  method: 'GET',
  path: '/policy/schema',
  summary: 'The JSON Schema of policy documents.',
  answers: [done('The schema.', z.record(z.string(), z.unknown()))],
  run: async () => ok(policyJsonSchema()),
});

export const POLICY_ROUTES: readonly Route[] = Object.freeze([show, check, words, explain, schema]);
