/**
 * The control plane's parts: a picture with a switch on each, the requests that go between them, and the same as tables.
 * Invariant: a switch says what the cluster says; it moves when the Fault is there. Counterpart: the diagram of components in Kubernetes' documentation.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { ControlModel, PartModel, RequestModel, WayModel } from '../../host/panels/map/model.ts';
import { box, link, table, toneIcon } from '../panel/boxes.ts';
import { timeText } from '../shared/format.ts';
import type { Flight, Leg } from './flights.ts';
import type { Box, Line } from './picture.ts';
import type { MapCommand } from './protocol.ts';

const API_SERVER = 'kube-apiserver';
const MANAGER = 'kube-controller-manager';
const CONTROLLERS = 'controllers';

export function partBox(part: PartModel): Box {
  const { key, parent, column, name, kind, tone, why, expanded, perSecond, component, faults, node } = part;
  const status = perSecond === 0 ? part.status : writesText(perSecond);
  const more = [node === undefined ? '' : `on ${node}`, why].filter((text) => text !== '').join('. ');
  const on = component === undefined ? undefined : faults.length === 0;
  return {
    key,
    parent,
    column,
    isGroup: expanded === true,
    title: name,
    kind,
    status,
    tone,
    expanded: isFixed(part) ? undefined : expanded,
    more,
    on,
  };
}

/** A node is drawn around its programs, always. */
export function isFixed({ kind }: PartModel): boolean {
  return kind === 'Node';
}

export function wayLine({ key, from, to, tone, perSecond }: WayModel): Line {
  const width = perSecond === 0 ? 1.5 : Math.min(6, 2 + Math.max(0, Math.log10(perSecond)) * 1.3);
  const label = `${from} to ${to}${perSecond === 0 ? '' : `: ${writesText(perSecond)}`}`;
  return { key, from, to, tone, flow: perSecond > 0 ? 'some' : 'none', width, label };
}

export function switched({ component, node, faults }: PartModel): MapCommand | undefined {
  if (component === undefined) return undefined;
  return faults.length > 0 ? { type: 'start', faults } : { type: 'stop', component, node };
}

function writesText(perSecond: number): string {
  return `${perSecond} ${perSecond === 1 ? 'write' : 'writes'}/s`;
}

export function flightsOf(request: RequestModel, parts: ReadonlyMap<string, PartModel>): readonly Flight[] {
  const out = legsOf(request.part, parts);
  const back = out.toReversed().map(({ way, back: isBack }): Leg => ({ way, back: !isBack }));
  return [
    ...(request.told === '' || back.length === 0 ? [] : [{ legs: back, text: `told of ${request.told}` }]),
    { legs: [...out, { way: `${API_SERVER} > etcd`, back: false }], text: `${request.verb} ${request.what}` },
  ];
}

/** From a part to the API server. */
function legsOf(key: string, parts: ReadonlyMap<string, PartModel>): readonly Leg[] {
  if (key === API_SERVER) return [];
  const part = parts.get(key);
  if (part?.column === 1) return [{ way: `${key} > ${API_SERVER}`, back: false }];
  if (part !== undefined && part.column >= 3) return [{ way: `${API_SERVER} > ${key}`, back: true }];
  // A controller, which may be in a group that is closed.
  return [
    { way: `${part === undefined ? CONTROLLERS : key} > ${MANAGER}`, back: false },
    { way: `${MANAGER} > ${API_SERVER}`, back: false },
  ];
}

export interface ControlActs {
  readonly run: (command: MapCommand) => void;
}

export function partsTable(parts: readonly PartModel[], { run }: ControlActs): TemplateResult {
  return table(
    'Parts of the control plane',
    parts.filter((part) => part.component !== undefined),
    [
      { title: 'Part', cell: ({ name }) => name },
      { title: 'Where', cell: ({ node, kind, parent }) => node ?? (parent === undefined ? kind : 'controller') },
      { title: 'State', cell: ({ tone, status }) => html`${toneIcon(tone)} ${status}` },
      { title: 'Writes', number: true, cell: ({ perSecond }) => (perSecond === 0 ? '' : `${perSecond}/s`) },
      { title: 'Switch', cell: (part) => switchButton(part, run) },
      { title: 'What follows', grows: true, cell: ({ why }) => (why === '' ? nothing : html`<span class="tone-error">${why}</span>`) },
    ],
    { empty: 'There are no parts.' },
  );
}

function switchButton(part: PartModel, run: (command: MapCommand) => void): TemplateResult {
  const command = switched(part);
  const on = part.faults.length === 0;
  const label = `${part.name}${part.node === undefined ? '' : ` on ${part.node}`}`;
  return html`<button
    type="button"
    class="toggle"
    role="switch"
    aria-checked=${String(on)}
    aria-label=${label}
    title=${on ? `Stop ${label}` : `Start ${label}`}
    @click=${() => command !== undefined && run(command)}
  >
    <span class="knob" aria-hidden="true"></span>
  </button>`;
}

export function requestsBox({ requests }: ControlModel, start: number, { run }: ControlActs): TemplateResult {
  return box(
    'Last requests that changed something',
    table(
      'Requests',
      requests,
      [
        {
          title: 'When',
          cell: ({ at, revision }) =>
            link(timeText(at - start), () => run({ type: 'show', revision }), `Show revision ${revision} in all views`),
        },
        { title: 'Who', cell: ({ actor }) => actor },
        { title: 'Asked for', cell: ({ verb, what }) => `${verb} ${what}` },
        { title: 'Having been told of', grows: true, cell: ({ told }) => told },
      ],
      { empty: 'Nobody has asked for anything yet.' },
    ),
    { wide: true },
  );
}
