/** How names are resolved inside the Pod. */
import { invalid, required } from '../../../apimachinery/field/error.ts';
import { isDNS1123Subdomain, isDNS1123SubdomainWithUnderscore } from '../../../apimachinery/validation/names.ts';
import { validateIP } from '../../../apimachinery/net/validation.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { HostAlias, PodDNSConfig } from '../../schema/types/core/v1.ts';
import { invalidEach, type Sink } from './sink.ts';

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

export function validateDNSConfig(sink: Sink, config: PodDNSConfig | undefined, policy: string | undefined, path: Path): void {
  if (policy === 'None') {
    if (!config) {
      sink.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'));
      return;
    }
    if (!config.nameservers?.length) {
      sink.push(required(path.child('nameservers'), 'must provide at least one DNS nameserver when `dnsPolicy` is None'));
      return;
    }
  }
  if (!config) return;
  const nameservers = config.nameservers ?? [];
  if (nameservers.length > MAX_NAMESERVERS)
    sink.push(invalid(path.child('nameservers'), nameservers, `must not have more than ${MAX_NAMESERVERS} nameservers`));
  for (const [index, address] of nameservers.entries()) sink.push(...validateIP(path.child('nameservers').index(index), address));
  validateSearches(sink, config.searches ?? [], path.child('searches'));
  for (const [index, option] of (config.options ?? []).entries())
    if (!option.name) sink.push(required(path.child('options').index(index), 'must not be empty'));
}

/** A single dot stands for the root; a dot at the end of a name is not looked at. */
function validateSearches(sink: Sink, searches: readonly string[], path: Path): void {
  if (searches.length > MAX_SEARCHES) sink.push(invalid(path, searches, `must not have more than ${MAX_SEARCHES} search paths`));
  if (searches.join(' ').length > MAX_SEARCH_CHARACTERS) {
    const text = `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`;
    sink.push(invalid(path, searches, text));
  }
  for (const [index, search] of searches.entries()) {
    if (search === '.') continue;
    const name = search.endsWith('.') ? search.slice(0, -1) : search;
    invalidEach(sink, path.index(index), name, isDNS1123SubdomainWithUnderscore(name));
  }
}

export function validateHostAliases(sink: Sink, aliases: readonly HostAlias[], path: Path): void {
  for (const [index, alias] of aliases.entries()) {
    sink.push(...validateIP(path.index(index).child('ip'), alias.ip ?? ''));
    for (const [nameIndex, name] of (alias.hostnames ?? []).entries())
      invalidEach(sink, path.index(index).child('hostnames').index(nameIndex), name, isDNS1123Subdomain(name));
  }
}
