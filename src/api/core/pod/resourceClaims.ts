/** Claims of devices that the containers of a Pod share. */
import { duplicate, invalid, required } from '../../../apimachinery/field/error.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { PodResourceClaim } from '../../schema/types/core/v1.ts';
import { internalValue } from './internal.ts';
import { invalidEach, type Sink } from './sink.ts';

export function validateResourceClaims(sink: Sink, claims: readonly PodResourceClaim[], path: Path): void {
  const names = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const at = path.index(index);
    const name = claim.name ?? '';
    if (name === '') sink.push(required(at.child('name'), ''));
    else if (names.has(name)) sink.push(duplicate(at.child('name'), name));
    else {
      invalidEach(sink, at.child('name'), name, isDNS1123Label(name));
      names.add(name);
    }
    const { resourceClaimName, resourceClaimTemplateName } = claim;
    const printed = (): unknown => internalValue('PodResourceClaim', claim);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined)
      sink.push(invalid(at, printed(), 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'));
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined)
      sink.push(invalid(at, printed(), 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
    if (resourceClaimName !== undefined)
      invalidEach(sink, at.child('resourceClaimName'), resourceClaimName, isDNS1123Subdomain(resourceClaimName));
    if (resourceClaimTemplateName !== undefined)
      invalidEach(sink, at.child('resourceClaimTemplateName'), resourceClaimTemplateName, isDNS1123Subdomain(resourceClaimTemplateName));
  }
}

/** What containers may refer to. */
export function claimNames(claims: readonly PodResourceClaim[] | undefined): ReadonlySet<string> {
  return claims === undefined ? NONE : new Set(claims.map((claim) => claim.name).filter((name) => name));
}

const NONE: ReadonlySet<string> = new Set();
