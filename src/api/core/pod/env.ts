/** Environment variables of a container and where their values come from. */
import { invalid, notFound, required } from '../../../apimachinery/field/error.ts';
import { isConfigMapKey, isDNS1123Label, isDNS1123Subdomain, isRelaxedEnvVarName } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { EnvFromSource, EnvVar, EnvVarSource, FileKeySelector, PodSpec } from '../../schema/types/core/v1.ts';
import { ENV_FIELDS, validateObjectFieldSelector, validateResourceFieldSelector } from './downwardAPI.ts';
import { validateNoBacksteps } from './paths.ts';
import { visitContainers } from './visit.ts';
import { invalidEach, requireText, type Sink } from './sink.ts';

export function validateEnv(sink: Sink, variables: readonly EnvVar[], path: Path): void {
  for (const [index, variable] of variables.entries()) {
    if (!variable.name) sink.push(required(path.index(index).child('name'), ''));
    else if (!SIMPLE_NAME.test(variable.name))
      invalidEach(sink, path.index(index).child('name'), variable.name, isRelaxedEnvVarName(variable.name));
    if (variable.valueFrom) validateValueFrom(sink, variable.valueFrom, variable.value ?? '', path.index(index).child('valueFrom'));
  }
}

/** The usual names, which need no further look. */
const SIMPLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function validateValueFrom(sink: Sink, source: EnvVarSource, value: string, path: Path): void {
  let count = 0;
  if (source.fieldRef) {
    count++;
    validateObjectFieldSelector(sink, source.fieldRef, ENV_FIELDS, path.child('fieldRef'));
  }
  if (source.resourceFieldRef) {
    count++;
    validateResourceFieldSelector(sink, source.resourceFieldRef, path.child('resourceFieldRef'), false);
  }
  if (source.configMapKeyRef) {
    count++;
    validateKeySelector(sink, source.configMapKeyRef, path.child('configMapKeyRef'));
  }
  if (source.secretKeyRef) {
    count++;
    validateKeySelector(sink, source.secretKeyRef, path.child('secretKeyRef'));
  }
  if (source.fileKeyRef) {
    count++;
    validateFileKeySelector(sink, source.fileKeyRef, path.child('fileKeyRef'));
  }
  if (count === 0)
    sink.push(invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'));
  else if (value !== '') sink.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) sink.push(invalid(path, '', 'may not have more than one field specified at a time'));
}

function validateKeySelector(sink: Sink, selector: { readonly name?: string; readonly key?: string }, path: Path): void {
  const name = selector.name ?? '';
  invalidEach(sink, path.child('name'), name, isDNS1123Subdomain(name));
  if (selector.key) invalidEach(sink, path.child('key'), selector.key, isConfigMapKey(selector.key));
  else sink.push(required(path.child('key'), ''));
}

function validateFileKeySelector(sink: Sink, selector: Partial<FileKeySelector>, path: Path): void {
  requireText(sink, selector.key, path, 'key');
  if (selector.key) invalidEach(sink, path.child('key'), selector.key, isRelaxedEnvVarName(selector.key));
  requireText(sink, selector.volumeName, path, 'volumeName');
  if (selector.volumeName) invalidEach(sink, path.child('volumeName'), selector.volumeName, isDNS1123Label(selector.volumeName));
  requireText(sink, selector.path, path, 'path');
  if (selector.path) validateNoBacksteps(sink, selector.path, path.child('path'));
}

/** Files with variables can only live in a directory that a container of the same Pod fills. */
export function validateFileKeyVolumes(sink: Sink, spec: PodSpec, specPath: Path): void {
  visitContainers(spec, specPath, (container, path) => {
    for (const [index, variable] of (container.env ?? []).entries()) {
      const name = variable.valueFrom?.fileKeyRef?.volumeName;
      if (!name) continue;
      const volume = spec.volumes?.find((candidate) => candidate.name === name);
      const at = (): Path => path().child('env').index(index).child('valueFrom', 'fileKeyRef', 'volumeName');
      if (!volume) sink.push(notFound(at(), name));
      else if (!volume.emptyDir) sink.push(invalid(at(), name, 'referenced volume must be of type emptyDir'));
    }
  });
}

/** Errors about the number of sources are reported at the list, not at the item. */
export function validateEnvFrom(sink: Sink, sources: readonly EnvFromSource[], path: Path): void {
  for (const [index, source] of sources.entries()) {
    const at = path.index(index);
    if (source.prefix) invalidEach(sink, at.child('prefix'), source.prefix, isRelaxedEnvVarName(source.prefix));
    if (source.configMapRef) validateReference(sink, source.configMapRef.name, at.child('configMapRef'));
    if (source.secretRef) validateReference(sink, source.secretRef.name, at.child('secretRef'));
    if (!source.configMapRef && !source.secretRef) sink.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (source.configMapRef && source.secretRef) sink.push(invalid(path, '', 'may not have more than one field specified at a time'));
  }
}

/** The name may be a prefix of a name: a trailing dash passes. */
function validateReference(sink: Sink, name: string | undefined, path: Path): void {
  if (!name) {
    sink.push(required(path.child('name'), ''));
    return;
  }
  const checked = name.endsWith('-') ? `${name.slice(0, -1)}a` : name;
  invalidEach(sink, path.child('name'), name, isDNS1123Subdomain(checked));
}
