// What is wrong with a data type or data set that a policy names or defines.

export type DataTypeErrorCode =
  | 'unknown-data-type'
  | 'bad-data-type-name'
  | 'data-type-exists'
  | 'unknown-checksum'
  | 'empty-context'
  | 'invalid-regex'
  | 'regex-not-linear'
  | 'regex-unbounded'
  | 'regex-matches-nothing';

/** `offset` and `length` point into the pattern or the name. */
export class DataTypeError extends Error {
  override readonly name: string = 'DataTypeError';
  readonly code: DataTypeErrorCode;
  readonly offset: number | undefined;
  readonly length: number | undefined;
  readonly help: string | undefined;

  constructor(
    code: DataTypeErrorCode,
    message: string,
    where: {
      readonly offset?: number | undefined;
      readonly length?: number | undefined;
      readonly help?: string | undefined;
    } = {},
  ) {
    super(message);
    this.code = code;
    this.offset = where.offset;
    this.length = where.length;
    this.help = where.help;
  }
}
