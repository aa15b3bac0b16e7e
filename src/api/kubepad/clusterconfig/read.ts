import { parseAllDocuments } from 'yaml';
import type { NodePoolSpec } from '../types.ts';
import { checkEksctl, eksctlFargate, eksctlPools } from './eksctl.ts';
import type { FargateOptions } from './fargate.ts';
import { checkKind, kindPools } from './kind.ts';
import { isMap, withoutNulls, type ConfigProblem } from './shape.ts';

/** What a new cluster is made of, as a file says it. */
export interface ClusterPlan {
  readonly preset: 'eks' | 'kind';
  readonly pools: Readonly<Record<string, NodePoolSpec>>;
  readonly fargate?: FargateOptions;
}

type Form = 'eksctl' | 'kind';

/** The form of a configuration of a cluster; undefined: it is none. */
export function configForm(apiVersion: unknown, kind: unknown): Form | undefined {
  if (typeof apiVersion !== 'string') return undefined;
  if (apiVersion.startsWith('eksctl.io/') && kind === 'ClusterConfig') return 'eksctl';
  return apiVersion.startsWith('kind.x-k8s.io/') && kind === 'Cluster' ? 'kind' : undefined;
}

export function checkClusterConfig(form: Form, value: unknown): readonly ConfigProblem[] {
  const present = withoutNulls(value);
  return form === 'eksctl' ? checkEksctl(present) : checkKind(present);
}

/** Reads a file; what is wrong in it is told with its place. */
export function readClusterConfig(text: string): ClusterPlan | { readonly error: string } {
  const documents = [...parseAllDocuments(text)];
  if (documents.length > 1) return { error: 'holds several documents; a cluster is one' };
  const [document] = documents;
  if (document === undefined) return { error: 'is empty' };
  const [syntax] = document.errors;
  if (syntax !== undefined) return { error: syntax.message };
  const value: unknown = document.toJS();
  const form = isMap(value) ? configForm(value['apiVersion'], value['kind']) : undefined;
  if (form === undefined) return { error: 'neither a ClusterConfig of eksctl nor a Cluster of kind' };
  const problems = checkClusterConfig(form, value);
  if (problems.length > 0) return { error: problems.map(({ path, message }) => `${path.toString()}: ${message}`).join('; ') };
  const present = withoutNulls(value);
  if (form === 'kind') return { preset: 'kind', pools: kindPools(present) };
  const fargate = eksctlFargate(present);
  return { preset: 'eks', pools: eksctlPools(present), ...(fargate === undefined ? {} : { fargate }) };
}
