// Part I: a multipart body written as the form it would have been without its files.

import type { Pair } from '../model/pair.ts';

export function fakeBody(args: readonly Pair[]): string {
  return args.map(({ key, value }) => `${encode(key)}=${encode(value)}`).join('&');
}

function encode(text: string): string {
  return text
    .replace(/[^A-Za-z0-9*\-._ ]/g, (char) => {
      return `%${(char.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`;
    })
    .replaceAll(' ', '+');
}
