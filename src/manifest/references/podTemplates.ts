/** Where the kinds that make Pods keep the Pod: `metadata` and `spec` lie below. */
export const POD_TEMPLATES: Readonly<Record<string, string>> = {
  'v1/Pod': '',
  'v1/PodTemplate': 'template',
  'v1/ReplicationController': 'spec.template',
  'apps/v1/Deployment': 'spec.template',
  'apps/v1/ReplicaSet': 'spec.template',
  'apps/v1/StatefulSet': 'spec.template',
  'apps/v1/DaemonSet': 'spec.template',
  'batch/v1/Job': 'spec.template',
  'batch/v1/CronJob': 'spec.jobTemplate.spec.template',
};

/** `spec.template.spec`; undefined for a kind that makes no Pods. */
export function podSpecAt(kind: string): string | undefined {
  const template = POD_TEMPLATES[kind];
  if (template === undefined) return undefined;
  return template === '' ? 'spec' : `${template}.spec`;
}
