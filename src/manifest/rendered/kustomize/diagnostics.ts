/**
 * The problems of a kustomization: fields that there are not, fields that are given up, and paths that lead nowhere.
 * Invariant: what only rendering can tell is not said here. Counterpart: the strict reading of `kustomize build`.
 */
import { isMap, isScalar, isSeq } from 'yaml';
import { keyText, type YamlDocument } from '../../yaml/document.ts';
import { writtenAt } from '../../written.ts';
import { rangeOf } from '../../locate.ts';
import type { Diagnostic } from '../../model.ts';
import { nearest } from '../../suggest.ts';
import { DEPRECATED, KUSTOMIZATION, type FieldTree } from './fields.ts';
import { readKustomization, type NamedPath } from './kustomization.ts';

/** What lies at a path; undefined: nothing; `unknown`: it cannot be told. */
export type Found = 'file' | 'folder' | 'kustomization' | 'unknown' | undefined;

/** @param find what lies at a path as it is written */
export function kustomizationDiagnostics(text: string, find: (path: string) => Found): readonly Diagnostic[] {
  const { document, paths } = readKustomization(text);
  if (document.syntax.length > 0) return document.syntax.map((problem) => ({ ...problem, severity: 'error', code: 'Syntax', path: '' }));
  return [
    ...document.duplicates.map(({ range, path }): Diagnostic => problem(range, 'DuplicateField', `duplicate field "${path}"`, path)),
    ...fieldProblems(document, document.root, KUSTOMIZATION, ''),
    ...paths.flatMap((named) => pathProblem(named, find) ?? []),
  ];
}

function problem(range: Diagnostic['range'], code: string, message: string, path: string): Diagnostic {
  return { range, severity: 'error', message, code, path, fixes: [] };
}

function fieldProblems(document: YamlDocument, node: unknown, fields: FieldTree, at: string): readonly Diagnostic[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => fieldProblems(document, item, fields, `${at}[${index}]`));
  if (!isMap(node)) return [];
  return node.items.flatMap((pair): readonly Diagnostic[] => {
    const name = keyText(pair);
    const path = at === '' ? name : `${at}.${name}`;
    const own = fields[name];
    const range = isScalar(pair.key) ? rangeOf(document, pair.key) : undefined;
    if (range === undefined) return [];
    if (own === undefined) {
      const better = nearest(name, Object.keys(fields));
      const fixes =
        better === undefined
          ? []
          : [{ title: `Change to ${better}`, edits: [{ range, newText: writtenAt(document, range, better) }], preferred: true }];
      return [{ ...problem(range, 'UnknownField', `unknown field "${path}"`, path), fixes }];
    }
    const instead = at === '' ? DEPRECATED[name] : undefined;
    const given = instead === undefined ? [] : [deprecated(range, name, instead)];
    return own === true ? given : [...given, ...fieldProblems(document, pair.value, own, path)];
  });
}

function deprecated(range: Diagnostic['range'], name: string, instead: string): Diagnostic {
  const message = `'${name}' is deprecated. Please use '${instead}' instead. Run 'kustomize edit fix' to update your Kustomization automatically.`;
  return { range, severity: 'warning', message, code: 'Warning', path: name, fixes: [] };
}

function pathProblem({ use, path, range, isRemote }: NamedPath, find: (path: string) => Found): Diagnostic | undefined {
  if (isRemote) return undefined;
  const found = find(path);
  if (found === undefined) return problem(range, 'MissingFile', `${path}: no such file or directory`, '');
  const isBase = use === 'resource' || use === 'component';
  if (found === 'folder' && isBase)
    return problem(range, 'MissingFile', `${path}: unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization'`, '');
  if (found === 'file' && use === 'component')
    return problem(range, 'MissingFile', `${path}: expected a directory with a kustomization`, '');
  if (found !== 'file' && found !== 'unknown' && (use === 'patch' || use === 'content'))
    return problem(range, 'MissingFile', `${path}: expected a file, found a directory`, '');
  return undefined;
}
