// Which service and endpoint a request is for.
//
// Paths are compared as an application routes them: percent-decoded once, with runs of "/" and dot
// segments resolved. Of several endpoints that fit the most literal one is meant.

import { asciiLower } from '../../base/ascii.ts';
import { utf8ByteString } from '../../base/bytes.ts';
import { normalizedPath } from '../../library/transformations/normalize-path.ts';
import type { Pair } from '../../model/pair.ts';
import type { RequestView } from '../../model/view.ts';
import { type Endpoint, endpointName, type Service } from '../document/places.ts';

export interface Place {
  readonly host: string;
  /** Normalised; begins with "/" unless the target had no path. */
  readonly path: string;
  readonly services: readonly string[];
  /** The endpoint of the document; undefined when none fits. */
  readonly endpoint: string | undefined;
  readonly labels: readonly string[];
  /** Names the endpoint in counters and events: bounded, whatever ids are in the path. */
  readonly endpointKey: string;
  readonly parameters: readonly Pair[];
}

interface Template {
  readonly name: string;
  readonly method: string | undefined;
  readonly service: string | undefined;
  readonly labels: readonly string[];
  /** A literal, or the parameter's name in front of which stands "{". */
  readonly segments: readonly string[];
  /** Literal segments in front of parameters count most. */
  readonly weight: number;
}

export function compilePlaces(
  services: readonly Service[],
  endpoints: readonly Endpoint[],
): (request: RequestView) => Place {
  const bySize = new Map<number, Template[]>();
  for (const endpoint of endpoints) {
    const template = templateOf(endpoint);
    const size = template.segments.length;
    const list = bySize.get(size) ?? [];
    bySize.set(
      size,
      [...list, template].sort((a, b) => b.weight - a.weight),
    );
  }
  return (request) => {
    const host = hostOf(request);
    const path = normalizedPath(request.filename === '' ? '/' : request.filename);
    const here = services.filter((service) => covers(service, host, path)).map(({ name }) => name);
    const segments = segmentsOf(path);
    const template = bySize
      .get(segments.length)
      ?.find((candidate) => fits(candidate, request.method, segments, here));
    return {
      host,
      path,
      services: here,
      endpoint: template?.name,
      labels: template?.labels ?? [],
      endpointKey: template?.name ?? `${request.method} ${generalPath(segments)}`,
      parameters: template === undefined ? [] : parametersOf(template, segments),
    };
  };
}

function hostOf(request: RequestView): string {
  const field = request.headers.pairs.find(({ key }) => asciiLower(key) === 'host')?.value ?? '';
  return asciiLower(field.trim().replace(/:\d*$/, ''));
}

function covers({ hosts, paths }: Service, host: string, path: string): boolean {
  const isHost = hosts.some((name) => {
    if (!name.startsWith('*.')) return name === host;
    const rest = name.slice(1);
    return (
      host.endsWith(rest) && !host.slice(0, -rest.length).includes('.') && host.length > rest.length
    );
  });
  return isHost && (paths?.some((prefix) => isBelow(path, utf8ByteString(prefix))) ?? true);
}

function isBelow(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
}

function segmentsOf(path: string): readonly string[] {
  const trimmed = path.endsWith('/') && path.length > 1 ? path.slice(0, -1) : path;
  return trimmed.split('/').slice(1);
}

function templateOf(endpoint: Endpoint): Template {
  const { method, service, labels, path } = endpoint;
  const segments = segmentsOf(utf8ByteString(path)).map((segment) =>
    segment.startsWith('{') ? `{${segment.slice(1, -1)}` : segment,
  );
  let weight = method === undefined ? 0 : 0.5;
  for (const segment of segments) weight = weight * 2 + (segment.startsWith('{') ? 0 : 1);
  return { name: endpointName(endpoint), method, service, labels, segments, weight };
}

function fits(
  { method, service, segments: wanted }: Template,
  actual: string,
  segments: readonly string[],
  services: readonly string[],
): boolean {
  if (method !== undefined && method !== actual) return false;
  if (service !== undefined && !services.includes(service)) return false;
  return wanted.every((segment, at) =>
    segment.startsWith('{') ? segments[at] !== '' : segment === segments[at],
  );
}

function parametersOf(template: Template, segments: readonly string[]): readonly Pair[] {
  return template.segments.flatMap((segment, at) =>
    segment.startsWith('{') ? [{ key: segment.slice(1), value: segments[at] as string }] : [],
  );
}

const MAX_SEGMENTS = 12;
const MAX_SEGMENT = 64;
const ID = /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,})$/i;

/** A path with what looks like an id replaced, so that endpoints nobody described are not endless. */
function generalPath(segments: readonly string[]): string {
  const shown = segments.slice(0, MAX_SEGMENTS).map((segment) => {
    if (ID.test(segment) || /\d{4,}/.test(segment) || segment.length > MAX_SEGMENT) return '{}';
    return segment;
  });
  return `/${shown.join('/')}${segments.length > MAX_SEGMENTS ? '/...' : ''}`;
}
