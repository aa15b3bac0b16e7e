/** The variables that the container's processes start with. */
import { html, type TemplateResult } from 'lit';
import type { VariableModel } from '../../host/panels/container/model.ts';
import { link, table } from '../panel/boxes.ts';

export function environmentTab(variables: readonly VariableModel[], revealed: Set<string>, redraw: () => void): TemplateResult {
  const toggle = (key: string): void => {
    if (!revealed.delete(key)) revealed.add(key);
    redraw();
  };
  const value = ({ key, value: text, isSecret }: VariableModel): TemplateResult => {
    if (!isSecret) return html`<span class="mono">${text}</span>`;
    return revealed.has(key)
      ? html`<span class="mono">${text}</span> ${link('hide', () => toggle(key), `Hide ${key}`)}`
      : html`<span class="dim">••••••</span> ${link('show', () => toggle(key), `Show ${key}`)}`;
  };
  return html`<p class="dim">As they were when the container was started: a change of a ConfigMap or Secret counts from the next start.</p>
    ${table(
      'Environment variables',
      variables,
      [
        { title: 'Name', cell: ({ key }) => html`<span class="mono">${key}</span>` },
        { title: 'From', cell: ({ source }) => source },
        { title: 'Value', grows: true, cell: value },
      ],
      { empty: 'No variables.' },
    )}`;
}
