import { draft, type Draft } from '../../base/json.ts';
import { PODS } from '../../api/schema/resources.ts';
import type { ObjectReference, Pod, PodTemplateSpec } from '../../api/schema/types/core/v1.ts';
import { StatusError, isReason } from '../../apimachinery/errors/status.ts';
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';
import { objectReference, type Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/eventRecorder.ts';
import { newControllerRef } from './controllerRef.ts';

/** The Pod that a controller makes of its template; the caller may still change it. */
export function podFromTemplate(template: PodTemplateSpec, ownerType: ResourceType, owner: KubeObject): Draft<Pod> {
  const { labels, annotations, finalizers } = draft(template.metadata ?? {});
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name ?? ''}-`,
      namespace: owner.metadata.namespace ?? '',
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [draft(newControllerRef(ownerType, owner))],
    },
    spec: draft(template.spec ?? { containers: [] }),
  };
}

/**
 * Creates and deletes Pods for a controller and says so in events about the controller's object.
 * Counterpart: RealPodControl of k8s.io/kubernetes/pkg/controller.
 */
export class PodControl {
  private readonly client: Client;
  private readonly events: EventRecorder;

  constructor(client: Client, events: EventRecorder) {
    this.client = client;
    this.events = events;
  }

  /** Returns the API server's refusal, if it refused. */
  create(pod: Draft<Pod>, ownerType: ResourceType, owner: KubeObject): StatusError | undefined {
    const about = objectReference(ownerType, owner);
    try {
      const made = this.client.create(PODS, pod);
      this.events.event(about, 'Normal', 'SuccessfulCreate', `Created pod: ${made.metadata.name ?? ''}`);
      return undefined;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      // In a namespace that is being deleted every creation fails; that is no news.
      if (!isNamespaceTerminating(error)) this.events.event(about, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
      return error;
    }
  }

  /** A Pod that is gone already counts as deleted. Returns the refusal, if there was one. */
  delete(pod: Pod, ownerType: ResourceType, owner: KubeObject): StatusError | undefined {
    const about: ObjectReference = objectReference(ownerType, owner);
    const { namespace, name } = pod.metadata;
    try {
      if (this.client.delete(PODS, namespace ?? '', name ?? ''))
        this.events.event(about, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name ?? ''}`);
      return undefined;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.events.event(about, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
      return error;
    }
  }
}

/** The refusal's cause is that the namespace is being deleted. */
export function isNamespaceTerminating(error: StatusError): boolean {
  return isReason(error, 'Forbidden') && (error.status.details?.causes ?? []).some((cause) => cause.reason === 'NamespaceTerminating');
}
