/**
 * Findings as text for people, JSON, SARIF 2.1.0 for code hosts, and JUnit XML for CI.
 */
import type { Diagnostic } from '../../manifest/model.ts';

export interface Finding {
  readonly file: string;
  readonly diagnostic: Diagnostic;
}

type Report = (findings: readonly Finding[], files: readonly string[]) => string;

export const FORMATS = { text, json, sarif, junit } as const satisfies Record<string, Report>;

export type Format = keyof typeof FORMATS;

/** `FILE:LINE:COLUMN: SEVERITY: MESSAGE`, lines and columns from 1. */
function text(findings: readonly Finding[], files: readonly string[]): string {
  const lines = findings.flatMap(({ file, diagnostic }) => [
    `${place(file, diagnostic)}: ${diagnostic.severity}: ${messageOf(diagnostic)}`,
    ...(diagnostic.related ?? []).map((related) => `    ${place(related.uri, related)}: ${related.message}`),
  ]);
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  return `${[...lines, `${count} in ${files.length === 1 ? '1 file' : `${files.length} files`}`].join('\n')}\n`;
}

function json(findings: readonly Finding[]): string {
  const items = findings.map(({ file, diagnostic }) => {
    const { severity, code, path, message, related = [] } = diagnostic;
    return {
      file,
      ...linesOf(diagnostic),
      severity,
      code,
      path,
      message,
      ...(related.length === 0 ? {} : { related: related.map((each) => ({ file: each.uri, ...linesOf(each), message: each.message })) }),
    };
  });
  return `${JSON.stringify(items, undefined, 2)}\n`;
}

function sarif(findings: readonly Finding[]): string {
  const rules = [...new Set(findings.map(({ diagnostic }) => diagnostic.code))].toSorted().map((id) => ({ id }));
  const results = findings.map(({ file, diagnostic }) => ({
    ruleId: diagnostic.code,
    level: LEVELS[diagnostic.severity],
    message: { text: messageOf(diagnostic) },
    locations: [{ physicalLocation: physicalLocation(file, diagnostic) }],
    ...(diagnostic.related === undefined
      ? {}
      : {
          relatedLocations: diagnostic.related.map((related, id) => ({
            id,
            physicalLocation: physicalLocation(related.uri, related),
            message: { text: related.message },
          })),
        }),
  }));
  const run = { tool: { driver: { name: 'kubepad', rules } }, columnKind: 'utf16CodeUnits', results };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

function physicalLocation(file: string, { range }: Pick<Diagnostic, 'range'>) {
  return {
    artifactLocation: { uri: uriOf(file) },
    region: {
      startLine: range.start.line + 1,
      startColumn: range.start.character + 1,
      endLine: range.end.line + 1,
      endColumn: range.end.character + 1,
    },
  };
}

/** A reference in the sense of RFC 3986: relative if the path is. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/');
  if (/^[a-z][a-z\d+.-]+:/i.test(path)) return path;
  const escaped = encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23');
  return path.startsWith('/') ? `file://${escaped}` : /^[a-z]:\//i.test(path) ? `file:///${escaped}` : escaped;
}

/** Lines and columns from 1. */
function linesOf({ range: { start, end } }: Pick<Diagnostic, 'range'>) {
  return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}

/** One test case a file; its findings are its failure. */
function junit(findings: readonly Finding[], files: readonly string[]): string {
  const cases = files.map((file) => {
    const own = findings.filter((finding) => finding.file === file);
    if (own.length === 0) return `  <testcase name="${xml(file)}"/>`;
    const details = own.map(({ diagnostic }) => `${place(file, diagnostic)}: ${messageOf(diagnostic)}`).join('\n');
    return `  <testcase name="${xml(file)}">\n    <failure message="${own.length} findings">${xml(details)}</failure>\n  </testcase>`;
  });
  const failures = new Set(findings.map(({ file }) => file)).size;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="kubepad validate" tests="${files.length}" failures="${failures}">\n${cases.join('\n')}\n</testsuite>\n`;
}

/** What XML 1.0 has no way to write, not even escaped: most control characters and halves of pairs. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const LEVELS = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const;

function place(file: string, { range }: Pick<Diagnostic, 'range'>): string {
  return `${file}:${range.start.line + 1}:${range.start.character + 1}`;
}

function messageOf({ path, message }: Diagnostic): string {
  return path === '' || message.startsWith(path) ? message : `${path}: ${message}`;
}

export function xml(value: string): string {
  return value
    .replaceAll(NOT_XML, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
