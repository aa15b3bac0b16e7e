/**
 * The rules for metadata.name that kinds choose from; the signature is that of Strategy.validateName.
 * Counterpart: k8s.io/apimachinery/pkg/api/validation.NameIsDNSSubdomain and its siblings.
 */
import { isDNS1035Label, isDNS1123Label, isDNS1123Subdomain, isPathSegmentName, isPathSegmentPrefix, type Problems } from './names.ts';

/** @param prefix the text is a generateName: it may end in a dash, as a suffix follows */
export type NameRule = (name: string, prefix: boolean) => Problems;

export const nameIsDNSSubdomain: NameRule = (name, prefix) => isDNS1123Subdomain(prefix ? maskTrailingDash(name) : name);

export const nameIsDNSLabel: NameRule = (name, prefix) => isDNS1123Label(prefix ? maskTrailingDash(name) : name);

export const nameIsDNS1035Label: NameRule = (name, prefix) => isDNS1035Label(prefix ? maskTrailingDash(name) : name);

export const nameIsPathSegment: NameRule = (name, prefix) => (prefix ? isPathSegmentPrefix(name) : isPathSegmentName(name));

/** `web-` is judged as if something followed. */
function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}
