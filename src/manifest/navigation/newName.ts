import {
  isConfigMapKey,
  isDNS1123Label,
  isPathSegmentName,
  isDNS1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
} from '../../apimachinery/validation/names.ts';
import type { Symbol } from './symbol.ts';

/** Why a name may not be given, in the API server's words; undefined: it may. */
export function newNameProblem(symbol: Symbol, on: 'key' | 'value', name: string): string | undefined {
  switch (symbol.type) {
    case 'key':
      return isConfigMapKey(name)[0];
    case 'label':
      return (on === 'key' ? isQualifiedName(name) : isValidLabelValue(name))[0];
    case 'object':
      // Roles and what binds them may be called nearly anything: `system:node`.
      if (symbol.groupKind.endsWith('.rbac.authorization.k8s.io')) return name === '' ? 'a name is needed' : isPathSegmentName(name)[0];
      return (symbol.groupKind === 'Service' || symbol.groupKind === 'Namespace' ? isDNS1123Label(name) : isDNS1123Subdomain(name))[0];
  }
}

/** Without quotes YAML would read some names as something else than a text. */
export function writtenAs(name: string): string {
  return WORDS.test(name) || MARKS.test(name) ? JSON.stringify(name) : name;
}

const WORDS = /^(?:true|false|yes|no|on|off|y|n|null|~)?$/i;
const MARKS = /^[-+.\d"'#*&!|>%@`?,[\]{}]|:(?:\s|$)|\s#/;
