/** Parameters that several tools have, in the same words. */
import { parseDuration } from '../../api/kubepad/duration.ts';
import type { ObjectRef } from '../protocol/view.ts';
import { optional, text } from './input.ts';
import { kindOf } from './kinds.ts';
import type { Place } from './place.ts';
import { ToolError } from './tool.ts';

export const CLUSTER = optional(text('Which cluster: main (the default) or a fork that the fork tool made.'));
export const MANIFEST = text('YAML or JSON, one or more documents.');
export const NAMESPACE = optional(text('The namespace of objects that name none; default: default.'));
export const KIND = text('A kind or resource as kubectl takes it: Deployment, deploy, pods, deployments.apps.');
export const VERSION = optional(text('apps/v1, v1; needed only where several groups have the kind.'));

interface Named {
  readonly kind: string;
  readonly apiVersion: string | undefined;
  readonly name: string;
  readonly namespace: string | undefined;
}

export function refOf({ cluster }: Place, { kind, apiVersion, name, namespace }: Named): ObjectRef {
  const known = kindOf(cluster, kind, apiVersion);
  return { apiVersion: known.apiVersion, kind: known.kind, name, namespace: known.namespaced ? (namespace ?? 'default') : '' };
}

/** Virtual milliseconds. @throws ToolError */
export function durationOf(name: string, duration: string): number {
  const ms = parseDuration(duration);
  if (ms === undefined) throw new ToolError(`${name}: ${duration} is no duration such as 30s, 5m or 1h30m.`);
  return ms;
}
