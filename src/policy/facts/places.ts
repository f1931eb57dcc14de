// Which service and endpoint a request is for.
//
// Paths are compared as an application routes them: percent-decoded once, with runs of "/" and dot
// segments resolved; where no endpoint fits then, split first and decoded after. HEAD is GET without the
// body. Of several endpoints that fit the most literal one is meant.

import { asciiLower } from '../../base/ascii.ts';
import { utf8ByteString } from '../../base/bytes.ts';
import { decodePercent } from '../../http/percent.ts';
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
    const path = pathOf(request);
    const here = services.filter((service) => covers(service, host, path)).map(({ name }) => name);
    const find = (parts: readonly string[]): Template | undefined =>
      bySize.get(parts.length)?.find((candidate) => fits(candidate, request.method, parts, here));
    let segments = segmentsOf(path);
    let template = find(segments);
    if (template === undefined && request.uriRaw.includes('%')) {
      const apart = segmentsApart(request.uriRaw);
      template = find(apart);
      if (template !== undefined) segments = apart;
    }
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

/** As applications see it: decoded, `//` and dot segments resolved. */
export function pathOf({ filename }: RequestView): string {
  return normalizedPath(filename === '' ? '/' : filename);
}

/** Lower case, without port and final dot. A target with a host of its own wins over Host (RFC 9112 3.2.2). */
export function hostOf({ headers, uriRaw }: RequestView): string {
  const authority =
    /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/.exec(uriRaw)?.[1] ??
    headers.pairs.find(({ key }) => asciiLower(key) === 'host')?.value ??
    '';
  const host = authority.slice(authority.lastIndexOf('@') + 1).trim();
  return asciiLower(host.replace(/:\d*$/, '').replace(/\.$/, ''));
}

function segmentsApart(uriRaw: string): readonly string[] {
  const [path = ''] = uriRaw.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, '').split(/[?#]/, 1);
  return segmentsOf(path).map((segment) => decodePercent(segment, false).value);
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
  let weight = 0;
  for (const segment of segments) weight = weight * 2 + (segment.startsWith('{') ? 0 : 1);
  if (method !== undefined) weight += 0.5;
  return { name: endpointName(endpoint), method, service, labels, segments, weight };
}

function fits(
  { method, service, segments: wanted }: Template,
  actual: string,
  segments: readonly string[],
  services: readonly string[],
): boolean {
  const asked = actual === 'HEAD' && method !== 'HEAD' ? 'GET' : actual;
  if (method !== undefined && method !== asked) return false;
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
const MAX_WORD = 32;
// `orders`, `order-lines`, `getOrder`, `OrderList`, `list.json`, `v2`.
const WORD =
  /^(?:v\d{1,2}|[a-z]+(?:[-_][a-z]+)*|[A-Za-z]?[a-z]+(?:[A-Z][a-z]{2,})*)(?:\.[a-z]{2,5})?$/;

/**
 * A path with everything replaced that does not look like a word: endpoints that nobody described are not
 * endless, and values in paths (addresses, tokens, ids) come neither into events nor into keys of the store.
 */
function generalPath(segments: readonly string[]): string {
  const shown = segments
    .slice(0, MAX_SEGMENTS)
    .map((segment) => (segment === '' || isWord(segment) ? segment : '{}'));
  return `/${shown.join('/')}${segments.length > MAX_SEGMENTS ? '/...' : ''}`;
}

function isWord(segment: string): boolean {
  return segment.length <= MAX_WORD && WORD.test(segment);
}
