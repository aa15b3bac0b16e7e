import { invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { parseCIDR } from '../../../apimachinery/net/ip.ts';
import { strictCIDRProblems } from '../../../apimachinery/net/validation.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/objectMeta.ts';
import { printedList } from '../../apps/printed.ts';
import type { ServiceCIDR } from '../../schema/types/networking/v1.ts';

export function validateServiceCIDR({ spec = {} }: ServiceCIDR): ErrorList {
  const { cidrs = [] } = spec;
  if (cidrs.length === 0) return [required(CIDRS, 'at least one CIDR required')];
  const errors: FieldError[] = [];
  if (cidrs.length > 2) errors.push(invalid(Path.of('spec'), { CIDRs: cidrs }, 'may only hold up to 2 values'));
  cidrs.forEach((cidr, index) => {
    for (const text of strictCIDRProblems(cidr)) errors.push(invalid(CIDRS.index(index), cidr, text));
  });
  const families = cidrs.map((cidr) => parseCIDR(cidr)?.address.family);
  if (cidrs.length === 2 && families[0] !== undefined && families[0] === families[1]) {
    errors.push(invalid(CIDRS, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'));
  }
  return errors;
}

/** Of the same number of ranges none may change, one more may come. */
export function validateServiceCIDRUpdate(range: ServiceCIDR, old: ServiceCIDR): ErrorList {
  const { spec = {} } = range;
  const [cidrs, before] = [spec.cidrs ?? [], old.spec?.cidrs ?? []];
  const changed = before.flatMap((cidr, index) => {
    const now = cidrs[index];
    return now === undefined || now === cidr ? [] : [invalid(CIDRS.index(index), now, FIELD_IMMUTABLE)];
  });
  if (cidrs.length === before.length) return changed;
  if (before.length === 1 && cidrs.length === 2) return [...changed, ...validateServiceCIDR(range)];
  return [
    invalid(
      CIDRS,
      printedList(spec, 'cidrs', (cidr) => cidr),
      FIELD_IMMUTABLE,
    ),
  ];
}

const CIDRS = Path.of('spec', 'cidrs');
