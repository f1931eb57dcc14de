// The OpenAPI document, made from the records that dispatch requests.

import { z } from 'zod';
import { problem } from './answers.ts';
import type { Route, RouteAnswer } from './route.ts';

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): object => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

const response = ({ description, schema, type = 'application/json' }: RouteAnswer): object => ({
  description,
  content: { [type]: { schema: schema === undefined ? {} : jsonSchema(schema, 'output') } },
});

const problemResponse = (description: string): object => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

function parameters({ path, query, ifMatch }: Route): readonly object[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const shape = query?.shape ?? {};
  const inQuery = Object.entries(shape).map(([name, schema]) => {
    const { description, ...rest } = jsonSchema(schema as z.ZodType, 'output') as {
      readonly description?: string;
    };
    return {
      name,
      in: 'query',
      required: false,
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
  const inHeader =
    ifMatch === undefined
      ? []
      : [
          {
            name: 'If-Match',
            in: 'header',
            required: ifMatch === 'required',
            description: 'The ETag of the document that the change is meant for, or *.',
            schema: { type: 'string' },
          },
        ];
  return [...inPath, ...inQuery, ...inHeader];
}

function operation(route: Route): object {
  const { id, summary, isOpen, body, answers, ifMatch } = route;
  const responses: Record<string, object> = {};
  for (const answer of answers) responses[answer.status] = response(answer);
  if (isOpen !== true) responses['401'] = problemResponse('The token is missing or wrong.');
  if (body !== undefined) {
    responses['400'] = problemResponse('The body or the query cannot be read.');
    responses['413'] = problemResponse('The body is too large.');
    responses['415'] = problemResponse('The body is not application/json.');
  } else if (route.query !== undefined) {
    responses['400'] = problemResponse('The query cannot be read.');
  }
  if (ifMatch === 'required') responses['428'] = problemResponse('If-Match is missing.');
  return {
    operationId: id,
    summary,
    ...(isOpen === true && { security: [] }),
    parameters: parameters(route),
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: jsonSchema(body, 'input') } },
      },
    }),
    responses,
  };
}

/** OpenAPI 3.1, whose schemas are JSON Schema 2020-12. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operation(route),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Portcullis admin API', version },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: jsonSchema(problem, 'output') },
    },
  };
}
