/** Rules for images, resources, probes and the environment of containers. */
import { jsonEqual } from '../../../base/json.ts';
import { hitsOf, textAt, valueAt } from '../../references/fieldPattern.ts';
import { isRecord } from '../../recognise.ts';
import { containerRule, finding, rule, SERVING } from '../build.ts';
import type { Container, Rule, RuleFinding } from '../rule.ts';

const said = ({ name }: Container): string => `container "${name}"`;

function missingQuantity(list: 'requests' | 'limits', resource: string, id: string, reason: string): Rule {
  return containerRule({ id, reason }, (container) => {
    if (valueAt(container.value, `resources.${list}.${resource}`) !== undefined) return undefined;
    // Without a request of its own the limit is the request.
    if (list === 'requests' && valueAt(container.value, `resources.limits.${resource}`) !== undefined) return undefined;
    return finding(
      container.at().child('resources', list, resource),
      `${said(container)} has no ${list === 'requests' ? 'request for' : 'limit of'} ${resource}`,
    );
  });
}

function missingProbe(probe: string, id: string, reason: string): Rule {
  return containerRule({ id, reason, init: false }, (container, _, { kind }) =>
    !SERVING.includes(kind) || container.value[probe] !== undefined
      ? undefined
      : finding(container.at().child(probe), `${said(container)} has no ${probe}`),
  );
}

/** The tag of an image; empty if there is none. A digest counts as a tag that never moves. */
export function tagOf(image: string): string {
  if (image.includes('@')) return image.slice(image.indexOf('@') + 1);
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.includes(':') ? last.slice(last.indexOf(':') + 1) : '';
}

const SECRET_NAME = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

export const CONTAINER_RULES: readonly Rule[] = [
  containerRule(
    { id: 'latest-tag', reason: 'A tag that moves makes two Pods of one template run different programs, and a rollback go nowhere.' },
    (container) => {
      const image = textAt(container.value, 'image');
      const tag = tagOf(image);
      if (image === '' || (tag !== '' && tag !== 'latest')) return undefined;
      return finding(
        container.at().child('image'),
        `${said(container)} runs ${tag === '' ? `"${image}" without a tag, which means latest` : `"${image}"`}`,
      );
    },
  ),
  containerRule(
    { id: 'image-digest', severity: 'hint', reason: 'Only a digest names exactly one image; a tag can be pushed again.' },
    (container) => {
      const image = textAt(container.value, 'image');
      return image === '' || image.includes('@')
        ? undefined
        : finding(container.at().child('image'), `${said(container)} names its image by a tag, not by a digest`);
    },
  ),
  containerRule(
    {
      id: 'image-pull-policy',
      severity: 'information',
      reason:
        'With a tag that moves, an image that a node already has is stale; with a fixed one, asking the registry at each start makes it a point of failure.',
    },
    (container) => {
      const policy = container.value['imagePullPolicy'];
      const tag = tagOf(textAt(container.value, 'image'));
      const moves = tag === '' || tag === 'latest';
      if (policy === undefined || (moves ? policy === 'Always' : policy !== 'Always')) return undefined;
      const value = moves ? 'Always' : 'IfNotPresent';
      return finding(
        container.at().child('imagePullPolicy'),
        `${said(container)} has an image ${moves ? 'whose tag moves' : 'of a fixed tag'} and the policy ${String(policy)}`,
        {
          title: `Change to "${value}"`,
          value,
        },
      );
    },
  ),
  missingQuantity(
    'requests',
    'cpu',
    'cpu-request',
    'The scheduler counts requests only: without one, a node is filled until everyone on it is slow.',
  ),
  missingQuantity(
    'requests',
    'memory',
    'memory-request',
    'A Pod that uses more memory than it asked for is among the first to be evicted.',
  ),
  missingQuantity('limits', 'memory', 'memory-limit', 'A leak without a limit takes the memory of the node, and others are killed for it.'),
  containerRule(
    {
      id: 'cpu-limit',
      severity: 'hint',
      reason: 'Where work of several teams shares nodes, a limit keeps one from taking the idle time of all.',
    },
    (container) =>
      valueAt(container.value, 'resources.limits.cpu') !== undefined
        ? undefined
        : finding(container.at().child('resources', 'limits', 'cpu'), `${said(container)} has no limit of cpu`),
  ),
  missingProbe(
    'readinessProbe',
    'readiness-probe',
    'Without it a Pod gets requests as soon as its process runs, and a rollout goes on before the new version works.',
  ),
  missingProbe('livenessProbe', 'liveness-probe', 'A process that hangs is restarted only if something asks it.'),
  containerRule(
    {
      id: 'liveness-equals-readiness',
      init: false,
      reason:
        'A slow dependency should take a Pod out of the Service, not restart it: the same check for both restarts all Pods at once under load.',
    },
    ({ value, at, name }) => {
      const { livenessProbe, readinessProbe } = value;
      const same = isRecord(livenessProbe) && jsonEqual(livenessProbe, readinessProbe);
      return same
        ? finding(at().child('livenessProbe'), `container "${name}" is checked for liveness exactly as for readiness`)
        : undefined;
    },
  ),
  containerRule(
    {
      id: 'slow-start',
      severity: 'hint',
      init: false,
      reason: 'A startupProbe says how long a start may take; a long initial delay makes every restart as slow as the slowest.',
    },
    (container) => {
      const delay = valueAt(container.value, 'livenessProbe.initialDelaySeconds');
      if (typeof delay !== 'number' || delay < LONG_DELAY || container.value['startupProbe'] !== undefined) return undefined;
      return finding(
        container.at().child('livenessProbe', 'initialDelaySeconds'),
        `${said(container)} waits ${delay} s before it is looked at; a startupProbe would not`,
      );
    },
  ),
  rule({ id: 'duplicate-env', reason: 'Of two variables of one name the last one counts.' }, ({ pod }) =>
    (pod?.containers ?? []).flatMap((container) => {
      const seen = new Set<unknown>();
      return hitsOf(container.value, 'env[].name', container.at).flatMap(({ value, path }): readonly RuleFinding[] => {
        if (!seen.has(value)) {
          seen.add(value);
          return [];
        }
        return [finding(path(), `${said(container)} has the variable ${String(value)} twice`)];
      });
    }),
  ),
  rule({ id: 'secret-in-env', reason: 'Whoever may read the manifest reads the secret; a Secret can be kept from him.' }, ({ pod }) =>
    (pod?.containers ?? []).flatMap((container) =>
      hitsOf(container.value, 'env[]', container.at).map(({ value, path }) => {
        const [name, text] = [textAt(value, 'name'), textAt(value, 'value')];
        if (!SECRET_NAME.test(name) || text === '' || text.startsWith('$(') || text.startsWith('/')) return undefined;
        return finding(path().child('value'), `${said(container)} has ${name} in plain text; take it from a Secret`);
      }),
    ),
  ),
];

/** Seconds from which a delay looks like a start that a startupProbe should watch. */
const LONG_DELAY = 60;
