/**
 * Checks of names: each returns the texts of what is wrong, none if nothing is.
 * Invariant: pure functions of the text; lengths are in bytes.
 * Counterpart: k8s.io/apimachinery/pkg/util/validation and …/pkg/api/validate/content.
 */
import { byteLength, EMPTY_ERROR, inclusiveRangeError, maxBytesError, maxLengthError, regexError } from './text.ts';

/** The texts of what is wrong with a value. */
export type Problems = readonly string[];

const NONE: Problems = [];
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const UNDERSCORE_LABEL = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const UNDERSCORE_SUBDOMAIN = `${UNDERSCORE_LABEL}(\\.${UNDERSCORE_LABEL})*`;
const WILDCARD_SUBDOMAIN = `\\*\\.${SUBDOMAIN}`;
const DNS1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const LABEL_KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${LABEL_KEY})?`;
const C_IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*';
const ENV_VAR = '[-._a-zA-Z][-._a-zA-Z0-9]*';
const CONFIG_KEY = '[-._a-zA-Z0-9]+';
const PERCENT = '[0-9]+%';
const HTTP_HEADER = '[-A-Za-z0-9]+';
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const LABEL_RE = whole(LABEL);
const SUBDOMAIN_RE = whole(SUBDOMAIN);
const UNDERSCORE_SUBDOMAIN_RE = whole(UNDERSCORE_SUBDOMAIN);
const WILDCARD_SUBDOMAIN_RE = whole(WILDCARD_SUBDOMAIN);
const DNS1035_RE = whole(DNS1035);
const LABEL_KEY_RE = whole(LABEL_KEY);
const LABEL_VALUE_RE = whole(LABEL_VALUE);
const C_IDENTIFIER_RE = whole(C_IDENTIFIER);
const ENV_VAR_RE = whole(ENV_VAR);
const CONFIG_KEY_RE = whole(CONFIG_KEY);
const PERCENT_RE = whole(PERCENT);
const HTTP_HEADER_RE = whole(HTTP_HEADER);
const HTTP_PATH_RE = whole(HTTP_PATH);

const LABEL_KEY_TEXT = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** RFC 1123 label: `my-name`, at most 63 bytes. */
export function isDNS1123Label(value: string): Problems {
  return dns1123Label(value, maxLengthError);
}

/** RFC 1123 subdomain: `example.com`, at most 253 bytes. */
export function isDNS1123Subdomain(value: string): Problems {
  return dns1123Subdomain(value, maxLengthError);
}

/** The checks that speak of bytes instead of characters; declarative validation uses these. */
export function isShortName(value: string): Problems {
  return dns1123Label(value, maxBytesError);
}
export function isLongName(value: string): Problems {
  return dns1123Subdomain(value, maxBytesError);
}

/** A subdomain whose labels may start with `_` and contain it. */
export function isDNS1123SubdomainWithUnderscore(value: string): Problems {
  const problems = tooLong(value, 253, maxLengthError);
  if (!UNDERSCORE_SUBDOMAIN_RE.test(value)) {
    problems.push(
      regexError(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
        UNDERSCORE_SUBDOMAIN,
        'example.com',
      ),
    );
  }
  return problems;
}

/** RFC 1035 label: as RFC 1123, but does not start with a digit (Services). */
export function isDNS1035Label(value: string): Problems {
  const problems = tooLong(value, 63, maxLengthError);
  if (!DNS1035_RE.test(value)) {
    problems.push(
      regexError(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        DNS1035,
        'my-name',
        'abc-123',
      ),
    );
  }
  return problems;
}

/** `*.example.com` */
export function isWildcardDNS1123Subdomain(value: string): Problems {
  const problems = tooLong(value, 253, maxLengthError);
  if (!WILDCARD_SUBDOMAIN_RE.test(value)) {
    problems.push(
      regexError(
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
        WILDCARD_SUBDOMAIN,
        '*.example.com',
      ),
    );
  }
  return problems;
}

/** A key of labels, annotations, taints, extended resources: `name` or `prefix/name`. */
export function isQualifiedName(value: string): Problems {
  const parts = value.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key ${regexError(LABEL_KEY_TEXT, LABEL_KEY, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  // The usual case: no prefix and nothing wrong.
  if (prefix === undefined && name.length <= 63 && LABEL_KEY_RE.test(name)) return NONE;
  const problems: string[] = [];
  if (prefix === '') problems.push(`prefix part ${EMPTY_ERROR}`);
  else if (prefix !== undefined) problems.push(...isLongName(prefix).map((text) => `prefix part ${text}`));
  if (name === '') problems.push(`name part ${EMPTY_ERROR}`);
  else if (byteLength(name) > 63) problems.push(`name part ${maxBytesError(63)}`);
  if (!LABEL_KEY_RE.test(name)) problems.push(`name part ${regexError(LABEL_KEY_TEXT, LABEL_KEY, 'MyName', 'my.name', '123-abc')}`);
  return problems;
}

export function isValidLabelValue(value: string): Problems {
  if (value.length <= 63 && LABEL_VALUE_RE.test(value)) return NONE;
  const problems = tooLong(value, 63, maxBytesError);
  if (!LABEL_VALUE_RE.test(value)) {
    problems.push(
      regexError(
        `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
        LABEL_VALUE,
        'MyValue',
        'my_value',
        '12345',
      ),
    );
  }
  return problems;
}

export function isCIdentifier(value: string): Problems {
  if (C_IDENTIFIER_RE.test(value)) return NONE;
  return [
    regexError(
      "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
      C_IDENTIFIER,
      'my_name',
      'MY_NAME',
      'MyName',
    ),
  ];
}

/** The name of an environment variable in the strict sense (envFrom.prefix of old, ConfigMap keys as variables). */
export function isEnvVarName(value: string): Problems {
  const problems: string[] = [];
  if (!ENV_VAR_RE.test(value)) {
    problems.push(
      regexError(
        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
        ENV_VAR,
        'my.env-name',
        'MY_ENV.NAME',
        'MyEnvName1',
      ),
    );
  }
  return [...problems, ...parentDirectory(value)];
}

/** What 1.36 asks of `env[].name`: any printable ASCII but `=`. */
export function isRelaxedEnvVarName(value: string): Problems {
  if (value === '') return [`environment variable name ${EMPTY_ERROR}`];
  if (/^[\x20-\x3c\x3e-\x7e]*$/.test(value)) return NONE;
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** A key of a ConfigMap or a Secret. */
export function isConfigMapKey(value: string): Problems {
  const problems = tooLong(value, 253, maxLengthError);
  if (!CONFIG_KEY_RE.test(value)) {
    problems.push(
      regexError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        CONFIG_KEY,
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    );
  }
  return [...problems, ...parentDirectory(value)];
}

export function isValidPortNum(port: number): Problems {
  return isInRange(port, 1, 65535);
}

export function isInRange(value: number, low: number, high: number): Problems {
  return value >= low && value <= high ? NONE : [inclusiveRangeError(low, high)];
}

export function isValidUserID(id: number): Problems {
  return isInRange(id, 0, 2147483647);
}

export function isValidGroupID(id: number): Problems {
  return isInRange(id, 0, 2147483647);
}

/** IANA service name: at most 15 of `a-z 0-9 -` with a letter. */
export function isValidPortName(name: string): Problems {
  const problems = tooLong(name, 15, maxLengthError);
  if (!/^[-a-z0-9]+$/.test(name)) problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)');
  if (name.includes('--')) problems.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

export function isValidPercent(value: string): Problems {
  if (PERCENT_RE.test(value)) return NONE;
  return [regexError("a valid percent string must be a numeric string followed by an ending '%'", PERCENT, '1%', '93%')];
}

export function isHTTPHeaderName(value: string): Problems {
  if (HTTP_HEADER_RE.test(value)) return NONE;
  return [regexError("a valid HTTP header must consist of alphanumeric characters or '-'", HTTP_HEADER, 'X-Header-Name')];
}

/** What the path part of a domain-prefixed path may consist of. */
export function isHTTPPath(value: string): Problems {
  return HTTP_PATH_RE.test(value) ? NONE : [regexError('Invalid path', HTTP_PATH)];
}

/** A name that can stand as one segment of a URL: roles, bindings, persistent volumes' claims of some kinds. */
export function isPathSegmentName(value: string): Problems {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return isPathSegmentPrefix(value);
}

export function isPathSegmentPrefix(value: string): Problems {
  return ['/', '%'].filter((illegal) => value.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
}

function dns1123Label(value: string, lengthError: (length: number) => string): Problems {
  if (value.length <= 63 && LABEL_RE.test(value)) return NONE;
  const problems = tooLong(value, 63, lengthError);
  if (!LABEL_RE.test(value)) {
    problems.push(
      SUBDOMAIN_RE.test(value)
        ? 'must not contain dots'
        : regexError(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
            LABEL,
            'my-name',
            '123-abc',
          ),
    );
  }
  return problems;
}

function dns1123Subdomain(value: string, lengthError: (length: number) => string): Problems {
  if (value.length <= 253 && SUBDOMAIN_RE.test(value)) return NONE;
  const problems = tooLong(value, 253, lengthError);
  if (!SUBDOMAIN_RE.test(value)) {
    problems.push(
      regexError(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        SUBDOMAIN,
        'example.com',
      ),
    );
  }
  return problems;
}

function tooLong(value: string, limit: number, lengthError: (length: number) => string): string[] {
  return byteLength(value) > limit ? [lengthError(limit)] : [];
}

function parentDirectory(value: string): Problems {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  return value.startsWith('..') ? ["must not start with '..'"] : NONE;
}
