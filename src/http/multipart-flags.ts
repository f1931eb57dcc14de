// What can be odd about a multipart body without making it unreadable: ModSecurity's MULTIPART_* flags.

export interface MultipartFlags {
  boundaryQuoted: boolean;
  boundaryWhitespace: boolean;
  crlfLine: boolean;
  dataAfter: boolean;
  dataBefore: boolean;
  fileLimitExceeded: boolean;
  headerFolding: boolean;
  invalidHeaderFolding: boolean;
  invalidPart: boolean;
  invalidQuoting: boolean;
  lfLine: boolean;
  missingSemicolon: boolean;
  unmatchedBoundary: boolean;
}

export function noFlags(): MultipartFlags {
  return {
    boundaryQuoted: false,
    boundaryWhitespace: false,
    crlfLine: false,
    dataAfter: false,
    dataBefore: false,
    fileLimitExceeded: false,
    headerFolding: false,
    invalidHeaderFolding: false,
    invalidPart: false,
    invalidQuoting: false,
    lfLine: false,
    missingSemicolon: false,
    unmatchedBoundary: false,
  };
}

/** Whether a flag is set that MULTIPART_STRICT_ERROR sums up; line ends and foreign boundaries apart. */
export function isStrictError(flags: Readonly<MultipartFlags>): boolean {
  return (
    flags.boundaryQuoted ||
    flags.boundaryWhitespace ||
    flags.dataBefore ||
    flags.dataAfter ||
    flags.headerFolding ||
    flags.lfLine ||
    flags.missingSemicolon ||
    flags.invalidQuoting ||
    flags.invalidPart ||
    flags.invalidHeaderFolding ||
    flags.fileLimitExceeded
  );
}
