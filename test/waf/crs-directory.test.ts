import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CrsLayout,
  type CrsProblem,
  crsLoadOrder,
  packagedCrsFile,
  resolveCrsDirectory,
} from '../../src/waf/crs-directory.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'portcullis-crs-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function place(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

function found(answer: CrsLayout | CrsProblem): CrsLayout {
  if (answer.kind === 'problem') throw new Error(answer.diagnostic.message);
  return answer;
}

function code(answer: CrsLayout | CrsProblem): string {
  return answer.kind === 'problem' ? answer.diagnostic.code : 'none';
}

function names(files: readonly string[]): readonly string[] {
  return files.map((file) => basename(file));
}

const MINIMAL = {
  'crs-setup.conf.example': 'SecAction "id:900990"\n',
  'rules/REQUEST-901-INITIALIZATION.conf': 'SecComponentSignature "OWASP_CRS/4.28.0"\n',
};

describe('resolveCrsDirectory, a release folder', () => {
  it('loads setup first, then the rules in byte order', () => {
    const dir = place({ ...MINIMAL, 'rules/REQUEST-10.conf': '', 'rules/RESPONSE-9.conf': '' });
    const layout = found(resolveCrsDirectory(dir));
    expect(names(layout.files)).toEqual([
      'crs-setup.conf.example',
      'REQUEST-10.conf',
      'REQUEST-901-INITIALIZATION.conf',
      'RESPONSE-9.conf',
    ]);
    expect(layout.version).toBe('4.28.0');
    expect(layout.name).toBe('OWASP CRS 4.28.0');
  });

  it('prefers crs-setup.conf to the example', () => {
    const dir = place({ ...MINIMAL, 'crs-setup.conf': '' });
    expect(names(found(resolveCrsDirectory(dir)).setup)).toEqual(['crs-setup.conf']);
  });

  it('leaves .example, data and hidden files out of the rules', () => {
    const dir = place({
      ...MINIMAL,
      'rules/REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf.example': '',
      'rules/words.data': '',
      'rules/.hidden.conf': '',
    });
    expect(names(found(resolveCrsDirectory(dir)).rules)).toEqual([
      'REQUEST-901-INITIALIZATION.conf',
    ]);
  });

  it('puts plugin settings behind setup, and plugin rules around the rules', () => {
    const dir = place({
      ...MINIMAL,
      'plugins/b-config.conf': '',
      'plugins/b-before.conf': '',
      'plugins/b-after.conf': '',
      'plugins/a-after.conf': '',
      'plugins/readme.md': '',
    });
    const layout = found(resolveCrsDirectory(dir));
    expect(names(layout.setup)).toEqual(['crs-setup.conf.example', 'b-config.conf']);
    expect(names(layout.rules)).toEqual([
      'b-before.conf',
      'REQUEST-901-INITIALIZATION.conf',
      'a-after.conf',
      'b-after.conf',
    ]);
  });

  it('looks into the only folder of an unpacked archive', () => {
    place({
      'coreruleset-4.28.0/crs-setup.conf.example': '',
      'coreruleset-4.28.0/rules/a.conf': '',
    });
    const layout = found(resolveCrsDirectory(root));
    expect(layout.directory).toBe(join(root, 'coreruleset-4.28.0'));
    expect(layout.version).toBeUndefined();
  });

  it('follows the load file of a Debian package', () => {
    const etc = join(root, 'etc');
    place({
      'etc/crs-setup.conf': '',
      'etc/REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf': '',
      'share/rules/REQUEST-901-INITIALIZATION.conf': "ver:'OWASP_CRS/3.3.4'",
      'share/rules/a.data': '',
      'share/owasp-crs.load': [
        '## comment',
        `Include ${etc}/crs-setup.conf`,
        `IncludeOptional ${etc}/REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf`,
        `Include ${root}/share/rules/*.conf`,
        `IncludeOptional ${etc}/RESPONSE-999-EXCLUSION-RULES-AFTER-CRS.conf`,
      ].join('\n'),
    });
    const layout = found(resolveCrsDirectory(join(root, 'share')));
    expect(names(layout.files)).toEqual([
      'crs-setup.conf',
      'REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf',
      'REQUEST-901-INITIALIZATION.conf',
    ]);
    expect(layout.version).toBe('3.3.4');
  });

  it('reports a required include of a load file that is gone', () => {
    place({
      'rules/a.conf': '',
      'owasp-crs.load': 'Include /nonexistent/crs-setup.conf\nInclude rules/*.conf\n',
    });
    expect(code(resolveCrsDirectory(root))).toBe('crs-no-setup');
  });

  it('follows quoted and optional includes with wildcards, plugins included', () => {
    place({
      'my etc/crs-setup.conf': '',
      'my etc/plugins/p-config.conf': '',
      'my etc/plugins/p-before.conf': '',
      'share/rules/a.conf': '',
      'share/owasp-crs.load': [
        `  include "${root}/my etc/crs-setup.conf"`,
        `IncludeOptional "${root}/my etc/plugins/*-config.conf"`,
        `IncludeOptional "${root}/my etc/plugins/*-before.conf"`,
        '#Include /nonexistent/commented.conf',
        'Include rules/*.conf\r',
        `IncludeOptional "${root}/my etc/plugins/*-after.conf"`,
      ].join('\n'),
    });
    const layout = found(resolveCrsDirectory(join(root, 'share')));
    expect(names(layout.setup)).toEqual(['crs-setup.conf', 'p-config.conf']);
    expect(names(layout.rules)).toEqual(['p-before.conf', 'a.conf']);
  });

  it('refuses a copy whose load file includes the rules of another folder', () => {
    const original = place({
      'a/rules/a.conf': '',
      'a/crs-setup.conf': '',
      'b/rules/a.conf': '',
      'b/owasp-crs.load': `Include ${root}/a/crs-setup.conf\nInclude ${root}/a/rules/*.conf\n`,
    });
    expect(code(resolveCrsDirectory(join(original, 'b')))).toBe('crs-no-rules');
  });

  it('prefers a setup beside the rules to a load file', () => {
    const dir = place({ ...MINIMAL, 'owasp-crs.load': 'Include /nonexistent/crs-setup.conf\n' });
    expect(names(found(resolveCrsDirectory(dir)).setup)).toEqual(['crs-setup.conf.example']);
  });

  it('reads the version outside of comments', () => {
    const dir = place({
      ...MINIMAL,
      'rules/REQUEST-901-INITIALIZATION.conf':
        '# log: OWASP_CRS/3.1.0.\n  # OWASP_CRS/3.0.0\nSecAction "id:1,\\\n    ver:\'OWASP_CRS/4.0.0-rc2\'"\n',
    });
    expect(found(resolveCrsDirectory(dir)).version).toBe('4.0.0-rc2');
  });

  it('loads links to rule files and through a link to the folder', () => {
    place({ ...MINIMAL, 'elsewhere.conf': '' });
    symlinkSync('../elsewhere.conf', join(root, 'rules', 'link.conf'));
    symlinkSync('.', join(root, 'again'));
    const layout = found(resolveCrsDirectory(join(root, 'again')));
    expect(names(layout.rules)).toEqual(['REQUEST-901-INITIALIZATION.conf', 'link.conf']);
  });

  it('ignores folders with the names of rule files', () => {
    const dir = place({
      ...MINIMAL,
      'rules/backup.conf/a.conf': '',
      'crs-setup.conf/a': '',
      'plugins/p-before.conf/a': '',
    });
    expect(names(found(resolveCrsDirectory(dir)).files)).toEqual([
      'crs-setup.conf.example',
      'REQUEST-901-INITIALIZATION.conf',
    ]);
  });

  it.each(['rules/a.conf', 'crs-setup.conf', 'plugins/p-before.conf', 'plugins/p-config.conf'])(
    'refuses a folder in which %s is a dangling link',
    (path) => {
      place(MINIMAL);
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync('/nonexistent/file', join(root, path));
      expect(code(resolveCrsDirectory(root))).toBe('crs-not-readable');
    },
  );

  it('refuses a pipe among the rules instead of waiting for it', () => {
    place(MINIMAL);
    execFileSync('mkfifo', [join(root, 'rules', 'pipe.conf')]);
    expect(code(resolveCrsDirectory(root))).toBe('crs-not-readable');
  });

  it('takes a plugins folder that is a file for none', () => {
    const dir = place({ ...MINIMAL, plugins: '' });
    expect(found(resolveCrsDirectory(dir)).files).toHaveLength(2);
  });

  it('does not guess between two folders of an archive', () => {
    place({ 'a/rules/a.conf': '', 'a/crs-setup.conf': '', 'b/rules/a.conf': '' });
    expect(code(resolveCrsDirectory(root))).toBe('crs-no-rules');
  });

  it('refuses a rules folder that is a file, and a file in place of the folder', () => {
    place({ rules: '', 'crs-setup.conf': '' });
    expect(code(resolveCrsDirectory(root))).toBe('crs-no-rules');
    expect(code(resolveCrsDirectory(join(root, 'rules')))).toBe('crs-not-found');
  });

  it('refuses a folder without rules, without rule files, and without setup', () => {
    expect(code(resolveCrsDirectory(root))).toBe('crs-no-rules');
    place({ 'rules/words.data': '' });
    expect(code(resolveCrsDirectory(root))).toBe('crs-no-rules');
    place({ 'rules/a.conf': '' });
    expect(code(resolveCrsDirectory(root))).toBe('crs-no-setup');
  });
});

describe('resolveCrsDirectory, names', () => {
  function install(version: string): void {
    const at = `crs/${version}`;
    place({ [`${at}/crs-setup.conf.example`]: '', [`${at}/rules/a.conf`]: '' });
  }

  it('finds an installed release by version, by v-version and by its beginning', () => {
    for (const version of ['4.3.0', '4.28.0', '3.3.4']) install(version);
    const environment = { PORTCULLIS_HOME: root };
    const directory = (spec: string): string =>
      basename(found(resolveCrsDirectory(spec, environment)).directory);
    expect(directory('4.3.0')).toBe('4.3.0');
    expect(directory('v4.28.0')).toBe('4.28.0');
    expect(directory('4')).toBe('4.28.0');
    expect(directory('3.3')).toBe('3.3.4');
    expect(directory('default')).toBe('4.28.0');
  });

  it('takes the starter rules as default when nothing is installed', () => {
    const layout = found(resolveCrsDirectory('default', { PORTCULLIS_HOME: root }));
    expect(layout.directory).toBe(packagedCrsFile('starter'));
  });

  it('uses the XDG data folder when there is no folder of our own', () => {
    place({ 'portcullis/crs/4.1.0/crs-setup.conf': '', 'portcullis/crs/4.1.0/rules/a.conf': '' });
    const layout = found(resolveCrsDirectory('4.1.0', { XDG_DATA_HOME: root }));
    expect(basename(layout.directory)).toBe('4.1.0');
  });

  it('tells a missing release from a missing directory', () => {
    const environment = { PORTCULLIS_HOME: root };
    expect(code(resolveCrsDirectory('9.9.9', environment))).toBe('crs-not-installed');
    expect(code(resolveCrsDirectory('../x/4.28.0', environment))).toBe('crs-not-found');
    expect(code(resolveCrsDirectory('./nowhere', environment))).toBe('crs-not-found');
    expect(code(resolveCrsDirectory('a\0b', environment))).toBe('crs-not-installed');
  });
});

const REAL = sharedPath('..', 'crs', 'v4.28.0');
describeShared('resolveCrsDirectory, CRS 4.28.0', REAL, () => {
  it('starts with initialization and ends with correlation', () => {
    const layout = found(resolveCrsDirectory(REAL));
    expect(layout.version).toBe('4.28.0');
    expect(names(layout.setup)).toEqual(['crs-setup.conf.example']);
    const rules = names(layout.rules);
    expect(rules[0]).toBe('REQUEST-901-INITIALIZATION.conf');
    expect(rules.at(-1)).toBe('RESPONSE-980-CORRELATION.conf');
    expect(rules.filter((name) => !name.endsWith('.conf'))).toEqual([]);
  });
});

const DEBIAN = '/usr/share/modsecurity-crs';
describe.runIf(existsSync(DEBIAN))("resolveCrsDirectory, Debian's package", () => {
  it('takes the setup from below /etc and gives the same for both names', () => {
    const layout = found(resolveCrsDirectory(DEBIAN));
    expect(layout.setup).toEqual(['/etc/modsecurity/crs/crs-setup.conf']);
    expect(layout.rules).toContain(`${DEBIAN}/rules/REQUEST-901-INITIALIZATION.conf`);
    expect(resolveCrsDirectory('debian')).toEqual(layout);
  });
});

describe('crsLoadOrder', () => {
  it('frames the rule set with engine settings, overrides and the guard', () => {
    const layout = found(resolveCrsDirectory(place(MINIMAL)));
    expect(names(crsLoadOrder(layout, { paranoia: 2, detectionOnly: true }))).toEqual([
      'engine.conf',
      'crs-setup.conf.example',
      'paranoia-2.conf',
      'detection-only.conf',
      'REQUEST-901-INITIALIZATION.conf',
      'engine-after.conf',
    ]);
    expect(names(crsLoadOrder(layout))).not.toContain('paranoia-1.conf');
  });

  it('refuses levels outside 1 to 4', () => {
    const layout = found(resolveCrsDirectory(place(MINIMAL)));
    for (const paranoia of [0, 5, 1.5, Number.NaN]) {
      expect(() => crsLoadOrder(layout, { paranoia })).toThrow(RangeError);
    }
  });
});
