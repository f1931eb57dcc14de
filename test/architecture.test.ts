// The shape of the house, held by a test: imports point one way, no cycles, no stray dependency, no file
// grown out of sight. The layout and its reasons are in ARCHITECTURE.md.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SRC = join(ROOT, 'src');

/** Directories by level: a file imports its own directory and strictly lower levels. */
const LEVELS: readonly (readonly string[])[] = [
  ['base'],
  ['diagnostics'],
  ['model'],
  ['seclang', 'regex', 'http', 'state'],
  ['library'],
  ['ruleset'],
  ['program'],
  ['engine', 'policy', 'audit'],
  ['waf'],
  ['ftw', 'authoring', 'adapters', 'console'],
  ['cli'],
];

/** Where code may touch the machine; everything else runs in a worker, at the edge or in a browser. */
const NODE_ALLOWED = [
  /^state\/(?:lmdb|redis)/,
  /^audit\/writer/,
  /^waf\//,
  /^adapters\//,
  /^ftw\//,
  /^console\//,
  /^cli\//,
];

const TOP_LEVEL = [
  'package.json',
  'tsconfig.json',
  'src',
  'crs',
  'grammar',
  'test',
  'bench',
  'bin',
];
const SOFT_LIMIT = 300;
const HARD_LIMIT = 500;

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const sources = filesBelow(SRC)
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(path, 'utf8');
    const imports = [
      ...text.matchAll(/^(?:import|export)\b[^'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gms),
    ].map((match) => (match[1] ?? match[2]) as string);
    return { name: relative(SRC, path), path, text, imports };
  });

const isGenerated = (name: string): boolean => /\.(?:gen|data)\.ts$/.test(name);
const areaOf = (name: string): string => (name.includes('/') ? (name.split('/')[0] as string) : '');
const levelOf = (area: string): number => LEVELS.findIndex((areas) => areas.includes(area));
const target = (path: string, specifier: string): string =>
  relative(SRC, resolve(dirname(path), specifier));

describe('the layout', () => {
  it('has no source directory without a level', () => {
    const areas = new Set(sources.map(({ name }) => areaOf(name)).filter((area) => area !== ''));
    expect([...areas].filter((area) => levelOf(area) < 0)).toEqual([]);
  });

  it('keeps nothing but index.ts beside the directories', () => {
    expect(sources.map(({ name }) => name).filter((name) => !name.includes('/'))).toEqual([
      'index.ts',
    ]);
  });

  it('keeps the top level to what the design card names', () => {
    const listed = readdirSync(ROOT).filter(
      (name) =>
        !name.startsWith('.') &&
        !TOP_LEVEL.includes(name) &&
        !['node_modules', 'dist', 'package-lock.json', 'biome.json', 'LICENSE', 'NOTICE'].includes(
          name,
        ) &&
        !/^[A-Z]+\.md$/.test(name),
    );
    expect(listed).toEqual([]);
  });
});

describe('imports', () => {
  it('point to the own directory or to a lower level', () => {
    const wrong = sources.flatMap(({ name, path, imports }) => {
      if (name === 'index.ts') return [];
      return imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => target(path, specifier))
        .filter((to) => {
          const [from, into] = [areaOf(name), areaOf(to)];
          return from !== into && !(levelOf(into) < levelOf(from));
        })
        .map((to) => `${name} -> ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  it('reach the code of policies from a command only when a policy is named', () => {
    const packages = new Set<string>();
    const seen = new Set<string>();
    const visit = (name: string): void => {
      const source = sources.find((one) => one.name === name);
      if (source === undefined || seen.has(name)) return;
      seen.add(name);
      const loaded = source.text.matchAll(
        /^(?:import|export)(?! type\b)\b[^'"]*?from\s+'([^']+)'/gms,
      );
      for (const [, specifier = ''] of loaded) {
        if (specifier.startsWith('.')) visit(target(source.path, specifier));
        else packages.add(specifier);
      }
    };
    for (const command of ['serve', 'eval']) visit(`cli/${command}.ts`);
    expect([...packages]).toContain('fast-xml-parser');
    expect([...packages].filter((name) => ['zod', 'yaml', 'diff'].includes(name))).toEqual([]);
    expect([...seen]).not.toContain('policy/session.ts');
  });

  it('form no cycle', () => {
    const edges = new Map(
      sources.map(({ name, path, imports }) => [
        name,
        imports.filter((specifier) => specifier.startsWith('.')).map((to) => target(path, to)),
      ]),
    );
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (name: string, trail: readonly string[]): void => {
      if (state.get(name) === 'done') return;
      if (state.get(name) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(name)), name].join(' -> '));
        return;
      }
      state.set(name, 'open');
      for (const to of edges.get(name) ?? []) visit(to, [...trail, name]);
      state.set(name, 'done');
    };
    for (const { name, text } of sources) {
      // Type-only imports vanish at run time; biome watches those that do not.
      if (text.length > 0) visit(name, []);
    }
    expect(cycles.filter((cycle) => !isTypeCycle(cycle))).toEqual([]);
  });

  it('reach for the machine only at the edges', () => {
    const wrong = sources
      .filter(({ name }) => !NODE_ALLOWED.some((allowed) => allowed.test(name)))
      .filter(({ imports }) => imports.some((specifier) => specifier.startsWith('node:')))
      .map(({ name }) => name);
    expect(wrong).toEqual([]);
  });

  it('name only declared dependencies, and every dependency is used', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const declared = Object.keys(manifest.dependencies);
    const used = new Set(
      sources
        .flatMap(({ imports, text }) => [
          ...imports,
          ...[...text.matchAll(/(?:require(?:\.resolve)?|import)\('([^']+)'\)/g)].map(
            (match) => match[1] as string,
          ),
        ])
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .map((specifier) =>
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        ),
    );
    expect([...used].filter((name) => !declared.includes(name))).toEqual([]);
    expect(declared.filter((name) => !used.has(name))).toEqual([]);
  });
});

/** A cycle in which some import is of types only does not exist at run time. */
function isTypeCycle(cycle: string): boolean {
  const names = cycle.split(' -> ');
  return names.slice(0, -1).some((name, at) => {
    const from = sources.find((source) => source.name === name);
    const to = names[at + 1] as string;
    if (from === undefined) return false;
    const statements = [...from.text.matchAll(/^import\b[^'"]*?from\s+'([^']+)'/gms)].filter(
      (match) => target(from.path, match[1] as string) === to,
    );
    return statements.length > 0 && statements.every((match) => match[0].startsWith('import type'));
  });
}

describe('files', () => {
  const lengths = sources
    .filter(({ name }) => !isGenerated(name))
    .map(({ name, text }) => ({ name, lines: text.split('\n').length - 1 }));

  it(`stay below ${HARD_LIMIT} lines`, () => {
    expect(lengths.filter(({ lines }) => lines > HARD_LIMIT)).toEqual([]);
  });

  it(`are mostly small: the median is at most 120 lines, one in ten at most above ${SOFT_LIMIT}`, () => {
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(120);
    expect(lengths.filter(({ lines }) => lines > SOFT_LIMIT).length).toBeLessThan(
      sorted.length / 10,
    );
  });

  it('begin by saying what they are for', () => {
    expect(sources.filter(({ text }) => !text.startsWith('//')).map(({ name }) => name)).toEqual(
      [],
    );
  });
});
