import type { ComponentStatus } from '../../api/schema/types/core/v1.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import { answer, refuse } from './answer.ts';
import type { HttpResponse } from './http.ts';
import type { ResourceRequest } from './resource.ts';

/** The parts of the control plane as the deprecated API lists them: they live in this process, so they are well. */
export function componentStatuses({ info, encoding, served }: ResourceRequest): HttpResponse {
  const all = ['controller-manager', 'scheduler', 'etcd-0'].map(status);
  if (info.name !== '') {
    const found = all.find(({ metadata }) => metadata.name === info.name);
    if (found === undefined) return refuse(errors.notFound(served.type, info.name), encoding);
    return encoding.transform === 'Table' ? answer(table([found]), 200, encoding) : answer(found, 200, encoding);
  }
  if (encoding.transform === 'Table') return answer(table(all), 200, encoding);
  return answer({ kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items: all }, 200, encoding);
}

function status(name: string): ComponentStatus {
  return {
    kind: 'ComponentStatus',
    apiVersion: 'v1',
    metadata: { name },
    conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
  };
}

function table(items: readonly ComponentStatus[]): object {
  const columnDefinitions = ['Name', 'Status', 'Message', 'Error'].map((name) => ({
    name,
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority: 0,
  }));
  const rows = items.map((item) => ({
    cells: [item.metadata.name ?? '', 'Healthy', 'ok', ''],
    object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata },
  }));
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {}, columnDefinitions, rows };
}
