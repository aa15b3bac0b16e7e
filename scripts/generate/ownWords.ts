/** Words of our own for fields that may hold a number or a text: the model types say there what such a type is, and not what the field is for. */
export const OWN_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'io.k8s.api.apps.v1.RollingUpdateDaemonSet': {
    maxSurge:
      'How many nodes may run a new Pod beside the old one during an update: a number, or a percentage of the nodes that should run one, rounded up. 0, the default, replaces the old Pod first. It cannot be 0 when maxUnavailable is 0.',
    maxUnavailable:
      'How many nodes may be without an available Pod during an update: a number, or a percentage of the nodes that should run one, rounded up. The default is 1. It cannot be 0 when maxSurge is 0.',
  },
  'io.k8s.api.apps.v1.RollingUpdateDeployment': {
    maxSurge:
      'How many Pods may exist beyond the wished number during an update: a number, or a percentage of the wished number, rounded up. The default is 25%. It cannot be 0 when maxUnavailable is 0.',
    maxUnavailable:
      'How many Pods of the wished number may be unavailable during an update: a number, or a percentage of the wished number, rounded down. The default is 25%. It cannot be 0 when maxSurge is 0.',
  },
  'io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy': {
    maxUnavailable:
      'How many Pods may be unavailable during an update: a number, or a percentage of the wished number, rounded up. It cannot be 0; the default is 1.',
  },
  'io.k8s.api.core.v1.HTTPGetAction': {
    port: 'The port of the container that is asked: a number from 1 to 65535, or the name of one of its ports.',
  },
  'io.k8s.api.core.v1.TCPSocketAction': {
    port: 'The port of the container that is connected to: a number from 1 to 65535, or the name of one of its ports.',
  },
  'io.k8s.api.core.v1.ServicePort': {
    targetPort:
      "The port of the Pods that a connection goes to: a number from 1 to 65535, or the name of a port of their containers, which may be another number in each Pod. Without it the Service's own port is taken. Services without cluster IP ignore it, beyond what DNS and endpoints say.",
  },
  'io.k8s.api.networking.v1.NetworkPolicyPort': {
    port: 'The port of the Pods that is let through: a number, or the name of a port of their containers. Without it all ports are.',
  },
  'io.k8s.api.policy.v1.PodDisruptionBudgetSpec': {
    maxUnavailable:
      'An eviction is allowed if at most so many of the selected Pods are unavailable after it: a number, or a percentage of the Pods that there should be, rounded up. 0 forbids every eviction. Either this or minAvailable is set.',
    minAvailable:
      'An eviction is allowed if at least so many of the selected Pods are available after it: a number, or a percentage of the Pods that there should be, rounded up. 100% forbids every eviction. Either this or maxUnavailable is set.',
  },
};
