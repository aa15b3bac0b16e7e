/** `format.dns1123Label().validate(text)`. Counterpart: k8s.io/apiserver/pkg/cel/library/format.go. */
import { parseQuantity } from '../../quantity/quantity.ts';
import { isDNS1035Label, isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidLabelValue } from '../../validation/names.ts';
import { parseRequestURI } from '../../net/url.ts';
import { parseRfc3339 } from '../std/time.ts';
import { declare, type Library } from '../environment.ts';
import { CelOpaque, CelOptional, noSuchOverload, type Value } from '../values.ts';

class FormatValue extends CelOpaque {
  readonly typeName = 'kubernetes.NamedFormat';
  readonly name: string;
  readonly problems: (text: string) => readonly string[];

  constructor(name: string, problems: (text: string) => readonly string[]) {
    super();
    this.name = name;
    this.problems = problems;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof FormatValue && other.name === this.name;
  }
}

const prefixed = (rule: (text: string) => readonly string[]) => (text: string) => rule(text.endsWith('-') ? `${text.slice(0, -1)}a` : text);
const unless = (holds: (text: string) => boolean, message: string) => (text: string) => (holds(text) ? [] : [message]);
const UUID = /^(?:[a-fA-F0-9]{8}-?[a-fA-F0-9]{4}-?[a-fA-F0-9]{4}-?[a-fA-F0-9]{4}-?[a-fA-F0-9]{12})$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const RULES: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: isDNS1123Label,
  dns1123Subdomain: isDNS1123Subdomain,
  dns1035Label: isDNS1035Label,
  qualifiedName: isQualifiedName,
  dns1123LabelPrefix: prefixed(isDNS1123Label),
  dns1123SubdomainPrefix: prefixed(isDNS1123Subdomain),
  dns1035LabelPrefix: prefixed(isDNS1035Label),
  labelValue: isValidLabelValue,
  uri: (text) => {
    const url = parseRequestURI(text);
    return 'error' in url ? [url.error] : [];
  },
  uuid: unless((text) => UUID.test(text), 'does not match the UUID format'),
  byte: unless((text) => BASE64.test(text), 'invalid base64'),
  date: unless((text) => parseRfc3339(`${text}T00:00:00Z`) !== undefined, 'invalid date'),
  datetime: unless((text) => parseRfc3339(text) !== undefined, 'invalid datetime'),
  quantity: (text) => {
    const result = parseQuantity(text);
    return 'error' in result ? [result.error] : [];
  },
};

const FORMATS: ReadonlyMap<string, FormatValue> = new Map(
  Object.entries(RULES).map(([name, problems]) => [name, new FormatValue(name, problems)] as const),
);

export const FORMAT: Library = {
  functions: [
    ...[...FORMATS].map(([name, value]) =>
      declare(`format.${name}`, [`format-${name.toLowerCase()}: () -> kubernetes.NamedFormat`], () => value),
    ),
    declare('format.named', ['format-named: (string) -> optional_type(kubernetes.NamedFormat)'], ([name]) => {
      const found = typeof name === 'string' ? FORMATS.get(name) : undefined;
      return found === undefined ? CelOptional.none : new CelOptional(found);
    }),
    declare('validate', ['format-validate: kubernetes.NamedFormat.(string) -> optional_type(list(string))'], ([format, text]): Value => {
      if (!(format instanceof FormatValue) || typeof text !== 'string') throw noSuchOverload();
      const problems = format.problems(text);
      return problems.length === 0 ? CelOptional.none : new CelOptional([...problems]);
    }),
  ],
};
