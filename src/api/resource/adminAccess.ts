/** Access to devices that others use is for namespaces that are marked for it. Counterpart: pkg/registry/resource. */
import { forbidden, type ErrorList } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import type { DeviceClaim } from '../schema/types/resource/v1.ts';
import type { Surroundings } from '../strategy.ts';

const LABEL = 'resource.kubernetes.io/admin-access';

/** The first request that asks for it; nothing is said where the namespace is not known. */
export function validateAdminAccess(claim: DeviceClaim | undefined, surroundings: Surroundings | undefined): ErrorList {
  const index = (claim?.requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess === true);
  if (index < 0 || surroundings === undefined || surroundings.namespaceLabels[LABEL] === 'true') return [];
  const text = `admin access to devices requires the \`${LABEL}: true\` label on the containing namespace`;
  return [forbidden(Path.of('spec', 'devices', 'requests').index(index).child('adminAccess'), text)];
}
