// A small release of the shape of CRS, and the digests that make it a known one.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type CrsRelease, digestsOf } from '../../src/waf/crs-releases.ts';
import { tarOf } from './tar.ts';

export type Files = Readonly<Record<string, string>>;

export function releaseFiles(version: string): Files {
  return {
    'crs-setup.conf.example': `SecAction "id:900990,ver:'OWASP_CRS/${version}'"\n`,
    'rules/REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf.example': '# yours\n',
    'rules/REQUEST-901-INITIALIZATION.conf': `# OWASP_CRS/3.1.0.\nSecComponentSignature "OWASP_CRS/${version}"\n`,
    'rules/words.data': 'one\ntwo\n',
  };
}

export function bytesOf(files: Files): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text, 'latin1')]));
}

export function knownRelease(version: string, files: Files = releaseFiles(version)): CrsRelease {
  return {
    version,
    source: `https://releases.test/v${version}.tar.gz`,
    files: digestsOf(bytesOf(files)),
  };
}

export function writeFiles(directory: string, files: Files): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text, 'latin1');
  }
  return directory;
}

/** As a release's source archive: a top folder, and a comment in front. */
export function archiveOf(files: Files, top = 'coreruleset-x/'): Buffer {
  return gzipSync(
    tarOf([
      {
        path: 'pax_global_header',
        type: 'g',
        text: '52 comment=0123456789012345678901234567890123456789\n',
      },
      ...(top === '' ? [] : [{ path: top, type: '5' }]),
      ...Object.entries(files).map(([path, text]) => ({ path: `${top}${path}`, text })),
    ]),
  );
}
