import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './support/sources.ts';

/** GitHub's anchor of a heading: lower case, without punctuation, blanks as hyphens. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/^#+ +(.+)$/gm)].map((match) => anchorOf(match[1] ?? '')));

function brokenLinks(path: string): readonly string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const links = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return links
    .filter((link) => !/^(https?|command|mailto|do|object|term|tour|view|why):/.test(link) && !resolves(path, text, link))
    .map((link) => `${path}: ${link}`);
}

function resolves(path: string, text: string, link: string): boolean {
  const [file = '', anchor] = link.split('#', 2);
  const target = file === '' ? join(root, path) : join(root, dirname(path), file);
  if (!existsSync(target)) return false;
  return anchor === undefined || !target.endsWith('.md') || anchorsOf(file === '' ? text : readFileSync(target, 'utf8')).has(anchor);
}

describe('documents', () => {
  it('link to files and headings that exist', () => {
    const documents = globSync('{*,docs/**/*,samples/**/*,media/**/*}.md', { cwd: root });
    assert.ok(documents.includes('README.md'));
    assert.deepEqual(documents.flatMap(brokenLinks), []);
  });
});
