// The result of a run as JUnit XML, for build servers: one suite a file, one case a test.

import type { TestResult } from './runner.ts';

export function junitReport(results: readonly TestResult[]): string {
  const suites = new Map<string, TestResult[]>();
  for (const result of results) {
    const suite = suites.get(result.file);
    if (suite === undefined) suites.set(result.file, [result]);
    else suite.push(result);
  }
  const bodies = [...suites].map(([file, cases]) => suiteElement(file, cases));
  const counts = countsOf(results);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="ftw"${counts}>\n${bodies.join('')}</testsuites>\n`;
}

function suiteElement(file: string, cases: readonly TestResult[]): string {
  const lines = cases.map(caseElement).join('');
  return `  <testsuite name="${xml(file)}"${countsOf(cases)}>\n${lines}  </testsuite>\n`;
}

function caseElement(result: TestResult): string {
  const seconds = (result.ms / 1000).toFixed(3);
  const open = `    <testcase name="${xml(result.id)}" classname="${xml(result.file)}" time="${seconds}"`;
  if (result.outcome === 'passed') return `${open}/>\n`;
  const element = result.outcome === 'skipped' ? 'skipped' : 'failure';
  return `${open}>\n      <${element} message="${xml(result.reason)}"/>\n    </testcase>\n`;
}

function countsOf(results: readonly TestResult[]): string {
  const failures = results.filter((result) => result.outcome === 'failed').length;
  const skipped = results.filter((result) => result.outcome === 'skipped').length;
  const seconds = results.reduce((sum, result) => sum + result.ms, 0) / 1000;
  return ` tests="${results.length}" failures="${failures}" skipped="${skipped}" time="${seconds.toFixed(3)}"`;
}

/** XML 1.0 cannot hold most control characters, not even as references. */
function xml(text: string): string {
  return text
    .replace(/[^\x09\x0a\x0d\x20-\ud7ff\ue000-\ufffd]/g, '?')
    .replace(/[&<>"\n\r\t]/g, (char) => `&#${char.charCodeAt(0)};`);
}
