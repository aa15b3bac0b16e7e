import { NODE_COMPONENTS } from '../../api/kubepad/fault/components.ts';
import { FARGATE_SCHEDULER } from '../../cloud/fargate/admission.ts';
import { CONTROLLERS, OF_ADDONS, OF_CLOUD } from '../../controllers/descriptors.ts';

const CONTROLLER_NAMES: readonly string[] = CONTROLLERS.map(({ name }) => name);
const CLOUD_NAMES: readonly string[] = OF_CLOUD.map(({ name }) => name);
const SCHEDULER = 'kube-scheduler';
/** What runs outside of the cluster, but works through its API server. */
const CLIENTS = ['cluster-autoscaler', FARGATE_SCHEDULER, 'nodepool-controller', ...CLOUD_NAMES, ...OF_ADDONS.map(({ name }) => name)];

/**
 * Which components of the simulation stand still while a component of the cluster is down. Without its API server, or the etcd behind
 * it, a control plane's programs lose their leases and end; a node's own programs are the kubelets' business.
 */
export function partsOf(component: string): readonly string[] {
  if (component === 'kube-apiserver' || component === 'etcd') return [...CONTROLLER_NAMES, SCHEDULER, ...CLIENTS];
  if (component === 'kube-controller-manager') return CONTROLLER_NAMES;
  if (component === 'cloud-controller-manager') return CLOUD_NAMES;
  return component === '' || NODE_COMPONENTS.some((name) => name === component) ? [] : [component];
}
