// All transformations, one file each. `none` is not among them: it clears the list of a rule, which is the
// ruleset's work.

import type { Transformation } from '../../model/transformation.ts';
import { base64Decode } from './base64-decode.ts';
import { base64DecodeExt } from './base64-decode-ext.ts';
import { base64Encode } from './base64-encode.ts';
import { cmdLine } from './cmd-line.ts';
import { compressWhitespace } from './compress-whitespace.ts';
import { cssDecode } from './css-decode.ts';
import { escapeSeqDecode } from './escape-seq-decode.ts';
import { hexDecode } from './hex-decode.ts';
import { hexEncode } from './hex-encode.ts';
import { htmlEntityDecode } from './html-entity-decode.ts';
import { jsDecode } from './js-decode.ts';
import { length } from './length.ts';
import { lowercase } from './lowercase.ts';
import { md5 } from './md5.ts';
import { normalizePath } from './normalize-path.ts';
import { normalizePathWin } from './normalize-path-win.ts';
import { parityEven7bit } from './parity-even-7bit.ts';
import { parityOdd7bit } from './parity-odd-7bit.ts';
import { parityZero7bit } from './parity-zero-7bit.ts';
import { phpArgsNames } from './php-args-names.ts';
import { removeComments } from './remove-comments.ts';
import { removeCommentsChar } from './remove-comments-char.ts';
import { removeNulls } from './remove-nulls.ts';
import { removeWhitespace } from './remove-whitespace.ts';
import { replaceComments } from './replace-comments.ts';
import { replaceNulls } from './replace-nulls.ts';
import { sha1 } from './sha1.ts';
import { sqlHexDecode } from './sql-hex-decode.ts';
import { trim } from './trim.ts';
import { trimLeft } from './trim-left.ts';
import { trimRight } from './trim-right.ts';
import { uppercase } from './uppercase.ts';
import { urlDecode } from './url-decode.ts';
import { urlDecodeUni } from './url-decode-uni.ts';
import { urlEncode } from './url-encode.ts';
import { utf8toUnicode } from './utf8-to-unicode.ts';

/** What rules may name. */
export const TRANSFORMATIONS: readonly Transformation[] = Object.freeze([
  lowercase,
  uppercase,
  length,
  md5,
  sha1,
  hexEncode,
  hexDecode,
  sqlHexDecode,
  base64Encode,
  base64Decode,
  base64DecodeExt,
  urlEncode,
  urlDecode,
  urlDecodeUni,
  htmlEntityDecode,
  jsDecode,
  cssDecode,
  escapeSeqDecode,
  cmdLine,
  compressWhitespace,
  removeWhitespace,
  trim,
  trimLeft,
  trimRight,
  removeNulls,
  replaceNulls,
  removeComments,
  replaceComments,
  removeCommentsChar,
  normalizePath,
  normalizePathWin,
  utf8toUnicode,
  parityEven7bit,
  parityOdd7bit,
  parityZero7bit,
]);

/** In the newest sources of ModSecurity only: every released engine rejects rules that name one. */
export const UNRELEASED_TRANSFORMATIONS: readonly Transformation[] = Object.freeze([phpArgsNames]);
