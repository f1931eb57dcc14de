// Reads a multipart/form-data body line by line, as ModSecurity does, and flags whatever a more lenient
// parser would gloss over.
//
// The point is not to make the most of a damaged body but to notice that it is damaged: rules 200002
// and 200003 of the recommended configuration stand on `error` and `strictError`. Flags and their
// triggers are ModSecurity 2's; errors found at the end of the body are reported like all others, as
// libmodsecurity does (ModSecurity 2 answers 500 there, before any rule).

import { isAsciiSpace } from '../base/ascii.ts';
import type { Pair } from '../model/pair.ts';
import { readBoundary } from './multipart-boundary.ts';
import { type DispositionReading, readDisposition } from './multipart-disposition.ts';
import { isStrictError, type MultipartFlags, noFlags } from './multipart-flags.ts';
import { excerpt, type HeaderLineOutcome, PartHeaders } from './multipart-headers.ts';
import {
  dispositionStart,
  headerText,
  type MultipartWatch,
  type PartPlace,
  sayDisposition,
  sayPart,
} from './multipart-watch.ts';
import { SubstringSearch } from './substring-search.ts';

export interface MultipartOptions {
  /** SecUploadFileLimit, to be given only when files are stored; sets a flag, files stay listed. */
  readonly fileLimit?: number;
  /** At most so many arguments; `truncated` tells that there were more. */
  readonly maxArguments?: number;
  /** One part more is an error. Default: no limit. */
  readonly maxParts?: number;
  /** Leaves the ends of lines out of arguments, as libmodsecurity does. Default false. */
  readonly joinsLines?: boolean;
  /** The first of several headers of one name holds; default: they are an error. */
  readonly allowsDuplicateHeaders?: boolean;
  /** What `filename=""` makes of a part; default `file`. */
  readonly emptyFileNames?: 'file' | 'argument';
  /** Whether a part may have the empty name; default `kept`. */
  readonly emptyPartNames?: 'kept' | 'refused';
  /** Is told what is read, for logs. */
  readonly watch?: MultipartWatch;
}

/** A part with a file name. All fields are byte strings. */
export interface MultipartFile {
  readonly field: string;
  /** As the client sent it, directories included. */
  readonly filename: string;
  /** The decoded `filename*`, which some back ends prefer. */
  readonly extendedFilename: string | undefined;
  readonly size: number;
  readonly content: string;
  readonly contentType: string | undefined;
}

export interface MultipartReading {
  /** Parts without a file name, values as sent. */
  readonly args: readonly Pair[];
  readonly files: readonly MultipartFile[];
  /** FILES: every name a back end may use, `filename` and `filename*`, under the field's name. */
  readonly fileNames: readonly Pair[];
  /** MULTIPART_PART_HEADERS: the part's name, and a header line as in the body. */
  readonly partHeaders: readonly Pair[];
  /** The last name and file name seen (MULTIPART_NAME, MULTIPART_FILENAME); undefined before any. */
  readonly multipartName: string | undefined;
  readonly multipartFilename: string | undefined;
  readonly flags: Readonly<MultipartFlags>;
  /** MULTIPART_CRLF_LF_LINES: both line ends occurred. */
  readonly crlfLfLines: boolean;
  /** MULTIPART_STRICT_ERROR. */
  readonly strictError: boolean;
  /** REQBODY_ERROR_MSG, starting `Multipart: `; undefined when nothing was wrong. */
  readonly error: string | undefined;
  /** More arguments than `maxArguments`. */
  readonly truncated: boolean;
  /** The final boundary was seen. */
  readonly complete: boolean;
  /** Bytes of part headers and of values, for SecRequestBodyNoFilesLimit. */
  readonly noFilesBytes: number;
}

export function fileLimitText(limit: number | undefined): string {
  return `Upload file limit exceeded ${limit}. Use SecUploadFileLimit to change the limit.`;
}

/** Reads what it can; after an error that makes the rest ambiguous the parts before it stay. */
export function parseMultipart(
  body: string,
  contentTypes: readonly string[],
  options: MultipartOptions = {},
): MultipartReading {
  const reader = new MultipartReader(body, options);
  const read = readBoundary(contentTypes);
  const { boundary, error, quoted, whitespace, missingSemicolon } = read;
  reader.flags.boundaryQuoted = quoted;
  reader.flags.boundaryWhitespace = whitespace;
  reader.flags.missingSemicolon = missingSemicolon;
  const say = options.watch?.say;
  if (read.hasParameters) say?.(4, 'Invalid parameter after boundary in C-T (tolerated).');
  if (boundary === undefined) reader.fail(error ?? '', 4);
  else {
    say?.(9, `Boundary${quoted ? ' (quoted)' : ''}: ${boundary}`);
    reader.read(boundary);
  }
  return reader.reading();
}

interface Part {
  readonly headers: PartHeaders;
  /** Set when the blank line behind the headers was read. */
  dataStart: number;
  name: string;
  filename: string | undefined;
  extendedFilename: string | undefined;
  disposition: number;
  ends: DispositionReading['ends'];
}

class MultipartReader {
  readonly flags: MultipartFlags = noFlags();
  readonly #body: string;
  readonly #options: MultipartOptions;
  readonly #args: Pair[] = [];
  readonly #files: MultipartFile[] = [];
  readonly #fileNames: Pair[] = [];
  readonly #partHeaders: Pair[] = [];
  #lastName: string | undefined;
  #lastFilename: string | undefined;
  #error: string | undefined;
  #stopped = false;
  #truncated = false;
  #complete = false;
  #noFilesBytes = 0;
  #parts = 0;
  #boundary = '';
  #search = new SubstringSearch('', '-');
  #boundaries = 0;
  #part: Part | undefined;

  constructor(body: string, options: MultipartOptions) {
    this.#body = body;
    this.#options = options;
  }

  /** Stops all reading. */
  fail(what: string, level = 1): void {
    this.#options.watch?.say?.(level, what);
    this.#stop(what);
  }

  #stop(what: string): void {
    this.#stopped = true;
    this.#error ??= `Multipart: ${what}`;
  }

  read(boundary: string): void {
    this.#boundary = boundary;
    const body = this.#body;
    const say = this.#options.watch?.say;
    this.#search = new SubstringSearch(body, boundary);
    let complete = false;
    let at = 0;
    while (at < body.length && !complete && !this.#stopped) {
      const feed = body.indexOf('\n', at);
      const next = feed === -1 ? body.length : feed + 1;
      if (body.startsWith('--', at)) {
        complete = this.#readDashes(at, next);
      } else {
        if (this.#search.occursWithin(at, next)) this.flags.unmatchedBoundary = true;
        this.#readLine(at, next);
      }
      at = next;
    }
    this.#complete = complete;
    if (complete) {
      this.flags.dataAfter = at < body.length;
      const left = body.length - at;
      if (left > 0) say?.(4, `Ignoring data after last boundary (${left}bytes left)`);
    } else if (!this.#stopped && body.length > 0) {
      this.#stop(
        this.#boundaries > 0 ? 'Final boundary missing.' : 'No boundaries found in payload.',
      );
    }
  }

  /** A line starting `--`: a boundary, an error, or data. True behind the final boundary. */
  #readDashes(at: number, next: number): boolean {
    const body = this.#body;
    if (!body.startsWith(this.#boundary, at + 2)) {
      this.#readOtherDashes(at, next);
      return false;
    }
    const tail = at + 2 + this.#boundary.length;
    const isFinal = body.startsWith('--', tail);
    const rest = body.slice(isFinal ? tail + 2 : tail, next);
    // Only the final boundary may end the body without a line end, and only behind another boundary.
    if (rest !== '\r\n' && rest !== '\n' && !(rest === '' && isFinal && this.#boundaries > 0)) {
      if (rest === '') this.#readLine(at, next);
      else this.fail(`Invalid boundary: ${excerpt(body.slice(at, Math.min(next, at + 64)))}`);
      return false;
    }
    const part = this.#part;
    if (part !== undefined && (part.dataStart === -1 || part.dataStart === at)) {
      // No line of data yet: parsers disagree whether this part is empty or holds the boundary's text.
      this.flags.invalidPart = true;
      this.#readLine(at, next);
      return false;
    }
    this.#noteLineEnd(rest);
    this.#readBoundaryLine(at, isFinal);
    return isFinal;
  }

  /** Data with a flag, unless it is our boundary in a form that lenient parsers may take for it. */
  #readOtherDashes(at: number, next: number): void {
    const body = this.#body;
    let start = at + 2;
    while (start < next && isAsciiSpace(body.charCodeAt(start))) start++;
    if (this.flags.boundaryQuoted && body.startsWith(`"${this.#boundary}`, at + 2)) {
      this.fail('Invalid boundary (quotes).');
    } else if (start > at + 2 && start < next && body.startsWith(this.#boundary, start)) {
      this.fail('Invalid boundary (whitespace).');
    } else {
      // Before the first boundary dashes alone say nothing; there `dataBefore` tells.
      if (this.#boundaries > 0 || this.#search.occursWithin(at, next)) {
        this.flags.unmatchedBoundary = true;
      }
      this.#readLine(at, next);
    }
  }

  #noteLineEnd(end: string): void {
    if (end.endsWith('\r\n')) this.flags.crlfLine = true;
    else if (end.endsWith('\n')) this.flags.lfLine = true;
  }

  #readLine(at: number, next: number): void {
    const part = this.#part;
    if (part === undefined) {
      this.flags.dataBefore = true;
      this.#options.watch?.say?.(4, 'Ignoring data before first boundary.');
    } else if (part.dataStart === -1) {
      this.#readHeaderLine(part, at, next);
    }
  }

  #readHeaderLine(part: Part, at: number, next: number): void {
    const written = this.#body.slice(at, next);
    this.#noFilesBytes += written.length;
    this.#noteLineEnd(written);
    const end = written.endsWith('\r\n') ? 2 : written.endsWith('\n') ? 1 : 0;
    const line = written.slice(0, written.length - end);
    if (line === '') {
      this.#endHeaders(part, next);
      return;
    }
    const outcome: HeaderLineOutcome = part.headers.add(line);
    const { watch } = this.#options;
    if (watch !== undefined) {
      const start = dispositionStart(line);
      if (start !== undefined) part.disposition = at + start;
      if (outcome.kind !== 'fatal')
        watch.say?.(9, headerText(line, part.headers.lines.at(-1) ?? ''));
    }
    this.flags.headerFolding ||= part.headers.folded;
    this.flags.invalidHeaderFolding ||= part.headers.foldedInvalidly;
    if (outcome.kind === 'fatal') this.fail(outcome.error);
    // An error, but one that leaves the part readable (libmodsecurity 3.0.16 goes on as well).
    if (outcome.kind === 'invalid-character') {
      const what = 'Invalid part header (contains invalid character).';
      watch?.say?.(1, what);
      this.#error ??= `Multipart: ${what}`;
    }
  }

  #endHeaders(part: Part, dataStart: number): void {
    const header = part.headers.get('Content-Disposition');
    if (header === undefined) {
      this.fail('Part missing Content-Disposition header.');
      return;
    }
    const disposition = readDisposition(header);
    const say = this.#options.watch?.say;
    if (say !== undefined) sayDisposition(disposition, say);
    this.flags.invalidQuoting ||= disposition.invalidQuoting;
    if (disposition.code < 0) {
      this.fail(`Invalid Content-Disposition header (${disposition.code}): ${excerpt(header)}.`);
      return;
    }
    const refusesEmpty = this.#options.emptyPartNames === 'refused' && disposition.name === '';
    if (disposition.name === undefined || refusesEmpty) {
      this.fail('Content-Disposition header missing name field.');
      return;
    }
    // Crude parsers look for the text `filename=`; where we read a name and they do not, they differ.
    if (disposition.filename !== undefined && !header.includes('filename=')) {
      this.fail('Invalid Content-Disposition header (filename).');
      return;
    }
    part.name = disposition.name;
    part.ends = disposition.ends;
    const isArgument = disposition.filename === '' && this.#options.emptyFileNames === 'argument';
    part.filename = isArgument ? undefined : disposition.filename;
    part.extendedFilename = disposition.extendedFilename;
    part.dataStart = dataStart;
    this.#lastName = part.name;
    this.#lastFilename = part.filename ?? this.#lastFilename;
  }

  #readBoundaryLine(at: number, isFinal: boolean): void {
    if (this.#part !== undefined) this.#endPart(this.#part, at);
    this.#boundaries += 1;
    this.#part = undefined;
    if (isFinal) return;
    this.#parts += 1;
    if (this.#parts > (this.#options.maxParts ?? Number.POSITIVE_INFINITY)) {
      this.fail('Too many parts.');
      return;
    }
    this.#part = {
      headers: new PartHeaders(this.#options.allowsDuplicateHeaders),
      dataStart: -1,
      name: '',
      filename: undefined,
      extendedFilename: undefined,
      disposition: 0,
      ends: {},
    };
  }

  /** The line end before a boundary belongs to the boundary. */
  #endPart(part: Part, boundaryStart: number): void {
    const hasReturn = boundaryStart - 2 >= part.dataStart && this.#body[boundaryStart - 2] === '\r';
    const data = this.#body.slice(part.dataStart, boundaryStart - (hasReturn ? 2 : 1));
    if (!hasReturn) this.flags.lfLine = true;
    const joins = this.#options.joinsLines === true && part.filename === undefined;
    const value = joins ? data.replace(/\r?\n/g, '') : data;
    if (this.#options.watch !== undefined) this.#tell(part, value, data);
    for (const line of part.headers.lines) this.#partHeaders.push({ key: part.name, value: line });
    if (part.filename === undefined) {
      this.#noFilesBytes += data.length;
      if (this.#args.length < (this.#options.maxArguments ?? Number.POSITIVE_INFINITY)) {
        this.#args.push({ key: part.name, value });
      } else {
        this.#truncated = true;
      }
      return;
    }
    this.#files.push({
      field: part.name,
      filename: part.filename,
      extendedFilename: part.extendedFilename,
      size: data.length,
      content: data,
      contentType: part.headers.get('Content-Type'),
    });
    this.#fileNames.push({ key: part.name, value: part.filename });
    if (part.extendedFilename !== undefined) {
      this.#fileNames.push({ key: part.name, value: part.extendedFilename });
    }
    if (this.#files.length > (this.#options.fileLimit ?? Number.POSITIVE_INFINITY)) {
      if (!this.flags.fileLimitExceeded) {
        const { fileLimit, watch } = this.#options;
        watch?.say?.(1, fileLimitText(fileLimit));
      }
      this.flags.fileLimitExceeded = true;
    }
  }

  #tell(part: Part, value: string, data: string): void {
    const place: PartPlace = {
      name: part.name,
      filename: part.filename,
      value,
      disposition: part.disposition,
      nameEnd: part.ends.name ?? 0,
      filenameEnd: part.ends.filename ?? 0,
      dataStart: part.dataStart,
      dataEnd: part.dataStart + data.length,
    };
    const { watch } = this.#options;
    watch?.part?.(place);
    if (watch?.say !== undefined) sayPart(place, data, watch.say);
  }

  reading(): MultipartReading {
    const { flags } = this;
    return {
      args: this.#args,
      files: this.#files,
      fileNames: this.#fileNames,
      partHeaders: this.#partHeaders,
      multipartName: this.#lastName,
      multipartFilename: this.#lastFilename,
      flags,
      crlfLfLines: flags.crlfLine && flags.lfLine,
      strictError: this.#stopped || isStrictError(flags),
      error: this.#error,
      truncated: this.#truncated,
      complete: this.#complete,
      noFilesBytes: this.#noFilesBytes,
    };
  }
}
