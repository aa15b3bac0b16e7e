/** `example.com/my-signer`: a domain and a path. Counterpart: ValidateSignerName of pkg/apis/core/validation. */
import { invalid, required, tooLong, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { quote } from '../../apimachinery/field/quote.ts';
import { isDNS1123Label, isDNS1123Subdomain, type Problems } from '../../apimachinery/validation/names.ts';
import { byteLength } from '../../apimachinery/validation/text.ts';

const MAX_DOMAIN = 253;
const MAX_PATH = 253 + 63 + 1;

export function validateSignerName(errors: FieldError[], name: string, path: Path): void {
  const parts = name.split('/');
  const [domain = '', rest = ''] = parts;
  if (name === '') errors.push(required(path, ''));
  else if (parts.length !== 2)
    errors.push(invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
  else if (byteLength(domain) > MAX_DOMAIN) errors.push(tooLong(path, MAX_DOMAIN));
  else if (!validateLabels(errors, domain, isDNS1123Label, path)) return;
  else if (!domain.includes('.')) errors.push(invalid(path, domain, 'should be a domain with at least two segments separated by dots'));
  else if (validateLabels(errors, rest, isDNS1123Subdomain, path) && byteLength(name) > MAX_DOMAIN + MAX_PATH + 1)
    errors.push(tooLong(path, MAX_DOMAIN + MAX_PATH + 1));
}

/** Stops at the first label that is wrong, and says all that is wrong with it. */
function validateLabels(errors: FieldError[], text: string, check: (label: string) => Problems, path: Path): boolean {
  for (const label of text.split('.')) {
    const problems = check(label);
    for (const problem of problems) errors.push(invalid(path, text, `validating label ${quote(label)}: ${problem}`));
    if (problems.length > 0) return false;
  }
  return true;
}
