/** What the card of a row says: everything that the row has no room for. Pure; how it looks is in shared/hoverCard.ts. */
import { assertNever } from '../../base/assertNever.ts';
import type { ContainerRow, NodeRow, PodRow, TreeRow } from '../../host/protocol/view.ts';
import { bytesText, coresText } from '../shared/format.ts';
import type { Card, CardFact } from '../shared/hoverCard.ts';
import { nodeNews, podAge, roleText, zoneOf } from './rowText.ts';
import { toneIcons } from '../shared/icons.ts';

/** Undefined: there is nothing more to say than the row does. */
export function cardOf(row: TreeRow, now: number): Card | undefined {
  switch (row.type) {
    case 'node':
      return nodeCard(row, now);
    case 'pod':
      return podCard(row, now);
    case 'container':
      return containerCard(row);
    case 'group':
      return { ...head(row), subtitle: row.detail, facts: [], text: '' };
    case 'section':
    case 'fault':
    case 'note':
      return undefined;
    default:
      return assertNever(row);
  }
}

function nodeCard(row: NodeRow, now: number): Card {
  const { cpu, memory, pods } = row;
  const measured: readonly CardFact[] =
    cpu.capacity === 0
      ? []
      : [
          { label: 'CPU', value: `${coresText(cpu.requested)} of ${coresText(cpu.capacity)} cores`, meter: cpu },
          { label: 'Memory', value: `${bytesText(memory.requested)} of ${bytesText(memory.capacity)}`, meter: memory },
          { label: 'Pods', value: `${pods.requested} of ${pods.capacity}`, meter: pods },
        ];
  return {
    ...head(row),
    subtitle: [row.controlPlane ? 'Control plane node' : 'Node', zoneOf(row)].filter((part) => part !== '').join(' · '),
    facts: measured,
    text: nodeNews(row, now),
  };
}

function podCard(row: PodRow, now: number): Card {
  const facts: readonly CardFact[] = [
    { label: 'Containers', value: `${row.ready} ready` },
    { label: 'Node', value: row.nodeName === '' ? 'none yet' : row.nodeName },
    ...(row.podIP === '' ? [] : [{ label: 'IP', value: row.podIP }]),
    { label: 'Age', value: podAge(row, now) },
    ...(row.restarts === 0 ? [] : [{ label: 'Restarts', value: String(row.restarts) }]),
  ];
  const bare = row.bare ? 'No controller makes it again.' : '';
  return {
    ...head(row),
    subtitle: `Pod · ${row.ref.namespace}`,
    facts,
    text: [row.reason, bare].filter((part) => part !== '').join('\n'),
  };
}

function containerCard(row: ContainerRow): Card {
  const facts: readonly CardFact[] = [
    { label: 'Image', value: row.image },
    ...(row.restarts === 0 ? [] : [{ label: 'Restarts', value: String(row.restarts) }]),
  ];
  return { ...head(row), subtitle: `${roleText(row)} of ${row.ref.name}`, facts, text: '' };
}

function head({ name, status, tone }: Pick<PodRow, 'name' | 'status' | 'tone'>): Pick<Card, 'title' | 'status' | 'tone' | 'icon'> {
  return { title: name, status, tone, icon: toneIcons[tone] };
}
