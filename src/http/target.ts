// Splits a request target into the parts that rules name, by cutting only: no URL library, which would
// refuse `%zz` or write escapes anew and so hide from the rules what the back end is going to see.

import { decodePercent } from './percent.ts';

export interface Target {
  /** Path and query as sent: no scheme, no authority, no fragment. */
  readonly uri: string;
  /** The path as sent. */
  readonly path: string;
  /** What stands behind the last `/` or `\` of `path`; all of it when there is none. */
  readonly pathBasename: string;
  /** The path with valid escapes decoded once and invalid ones kept. */
  readonly filename: string;
  /** What stands behind the last `/` or `\` of `filename`; all of it when there is none. */
  readonly basename: string;
  /** Behind the first `?`, never decoded. */
  readonly query: string;
  /** Tells `/a?` from `/a`. */
  readonly hasQuery: boolean;
}

const ABSOLUTE_FORM = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?]*/;
const LEADING_SLASHES = /^\/{2,}/;

export interface TargetOptions {
  /** Default: several slashes at the beginning become one. */
  readonly leadingSlashes?: 'collapsed' | 'kept';
}

/** Splits any bytes; `*` and `host:port` are kept as a path without slash. */
export function splitTarget(raw: string, options: TargetOptions = {}): Target {
  const fragment = raw.indexOf('#');
  const whole = fragment === -1 ? raw : raw.slice(0, fragment);
  // Apache takes `//a` for `/a` before ModSecurity 2 sees it; otherwise `//host` would read as an
  // authority. Slashes further inside stay, and REQUEST_URI_RAW keeps them all.
  const uri = whole.startsWith('/')
    ? options.leadingSlashes === 'kept'
      ? whole
      : whole.replace(LEADING_SLASHES, '/')
    : whole.replace(ABSOLUTE_FORM, '');
  const question = uri.indexOf('?');
  const path = question === -1 ? uri : uri.slice(0, question);
  const filename = decodePercent(path, false).value;
  return {
    uri,
    path,
    pathBasename: basenameOf(path),
    filename,
    basename: basenameOf(filename),
    query: question === -1 ? '' : uri.slice(question + 1),
    hasQuery: question !== -1,
  };
}

/** A target that is taken as a path from end to end, undecoded. */
export function wholeTarget(raw: string): Target {
  const name = basenameOf(raw);
  return {
    uri: raw,
    path: raw,
    pathBasename: name,
    filename: raw,
    basename: name,
    query: '',
    hasQuery: false,
  };
}

function basenameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
