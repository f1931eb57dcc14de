import { describe, expect, it } from 'vitest';
import type { FileAccess } from '../../src/model/files.ts';
import { type LoadOptions, loadDocuments } from '../../src/seclang/include.ts';

function filesOf(contents: Readonly<Record<string, string>>): FileAccess {
  return {
    read: (path) => contents[path],
    glob: (pattern) => {
      const [start = '', end = ''] = pattern.split('*');
      return Object.keys(contents)
        .filter((path) => path.startsWith(start) && path.endsWith(end))
        .sort();
    },
    resolve: (from, path) =>
      path.startsWith('/') ? path : `${from.slice(0, from.lastIndexOf('/') + 1)}${path}`,
  };
}

function load(contents: Readonly<Record<string, string>>, options?: LoadOptions) {
  const root = { name: '/main', text: contents['/main'] ?? '' };
  const { directives, sources, diagnostics } = loadDocuments([root], filesOf(contents), options);
  return {
    markers: directives.map((each) => (each.type === 'marker' ? each.marker.text : each.type)),
    sources: sources.map((source) => source.name),
    codes: diagnostics.map(({ code, span }) => [code, span?.source.name]),
    directives,
  };
}

describe('loadDocuments', () => {
  it('expands an include in its place', () => {
    const result = load({
      '/main': 'SecMarker a\nInclude sub/x\nSecMarker c',
      '/sub/x': 'SecMarker b1\nInclude y\nSecMarker b3',
      '/sub/y': 'SecMarker b2',
    });
    expect(result.markers).toEqual(['a', 'b1', 'b2', 'b3', 'c']);
    expect(result.sources).toEqual(['/main', '/sub/x', '/sub/y']);
    const source = result.directives[2]?.span.source;
    expect(source?.includedFrom?.source.name).toBe('/sub/x');
    expect(source?.includedFrom?.source.includedFrom?.source.name).toBe('/main');
  });

  it('reads the files of a pattern in the order of their names', () => {
    const result = load({
      '/main': 'Include r/*.c',
      '/r/b.c': 'SecMarker b',
      '/r/a.c': 'SecMarker a',
    });
    expect(result.markers).toEqual(['a', 'b']);
  });

  it('looks beside the file first and then as given', () => {
    const result = load({
      '/main': 'Include s/x',
      '/s/x': 'Include y\nInclude cwd/z',
      '/s/y': 'SecMarker beside',
      y: 'SecMarker wrong',
      'cwd/z': 'SecMarker given',
    });
    expect(result.markers).toEqual(['beside', 'given']);
  });

  it('reports what is missing, but not for IncludeOptional', () => {
    const result = load({
      '/main': 'Include x\nInclude x*\nIncludeOptional x\nIncludeOptional x*\nSecMarker a',
    });
    expect(result.markers).toEqual(['a']);
    expect(result.codes).toEqual([
      ['include-not-found', '/main'],
      ['include-no-match', '/main'],
    ]);
  });

  it('reports every include when there are no files', () => {
    const { diagnostics } = loadDocuments([{ name: 'x', text: 'Include a\nInclude b*' }]);
    expect(diagnostics.map((each) => each.code)).toEqual(['include-not-found', 'include-no-match']);
  });

  it('reports a circle where it closes', () => {
    const result = load({ '/main': 'Include x\nSecMarker a', '/x': 'Include main\nSecMarker b' });
    expect(result.markers).toEqual(['b', 'a']);
    expect(result.codes).toEqual([['include-cycle', '/x']]);
  });

  it('stops at the greatest depth', () => {
    const contents: Record<string, string> = { '/main': 'Include 1' };
    for (let at = 1; at <= 101; at++) contents[`/${at}`] = `Include ${at + 1}`;
    expect(load(contents).codes).toEqual([['include-too-deep', '/100']]);
  });

  it('stops at the greatest number of files and bytes', () => {
    const contents = { '/main': 'Include a\nInclude a', '/a': 'Include b\nInclude b', '/b': '#' };
    expect(load(contents, { maximumFiles: 5 }).codes).toEqual([['too-many-includes', '/a']]);
    expect(load(contents, { maximumBytes: 20 }).codes).toEqual([['too-many-includes', '/a']]);
    expect(load(contents).codes).toEqual([]);
  });
});
