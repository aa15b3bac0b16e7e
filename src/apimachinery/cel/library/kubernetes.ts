import { Environment } from '../environment.ts';
import { STANDARD } from '../std/standard.ts';
import { AUTHZ } from './authz.ts';
import { CIDRS, IP } from './ip.ts';
import { LISTS } from './lists.ts';
import { MORE_LISTS } from './moreLists.ts';
import { FORMAT } from './namedFormats.ts';
import { OPTIONAL } from './optional.ts';
import { QUANTITY } from './quantity.ts';
import { REGEX } from './regex.ts';
import { SEMVER } from './semver.ts';
import { COMPREHENSIONS, SETS } from './sets.ts';
import { STRINGS } from './strings.ts';
import { URLS } from './url.ts';

/** What every expression of Kubernetes 1.36 can use. Counterpart: k8s.io/apiserver/pkg/cel/environment.MustBaseEnvSet. */
export const KUBERNETES = Environment.of(
  STANDARD,
  URLS,
  REGEX,
  LISTS,
  OPTIONAL,
  QUANTITY,
  STRINGS,
  SETS,
  IP,
  CIDRS,
  FORMAT,
  COMPREHENSIONS,
  SEMVER,
  AUTHZ,
  MORE_LISTS,
);
