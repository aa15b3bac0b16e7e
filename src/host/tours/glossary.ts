/**
 * The glossary as data: docs/glossary.md in English, docs/glossary.ko.md in Korean, a section a term.
 * Invariant: pure. A term's id is its English name, which a translated heading has in brackets. Counterpart: the glossary of kubernetes.io.
 */
import type { Term } from '../panels/tour/model.ts';
import { sectionsOf } from './markdown.ts';

const ROW = /^- (Swarm|Mesos): *(.*)$/;

/** The section of the document's own heading is none. */
export function glossaryOf(text: string): readonly Term[] {
  return sectionsOf(text)
    .slice(1)
    .map(({ title, lines }) => {
      const rows = new Map(lines.flatMap((line) => [ROW.exec(line) ?? []].map(([, name = '', value = '']) => [name, value] as const)));
      const meaning = lines
        .filter((line) => !ROW.test(line) && line.trim() !== '')
        .join(' ')
        .replaceAll('`', '');
      const none = (value = ''): string => (value === '–' ? '' : value);
      return { id: idOf(title), name: title, meaning, swarm: none(rows.get('Swarm')), mesos: none(rows.get('Mesos')) };
    });
}

/** `Control plane` and `컨트롤 플레인 (Control plane)` are `control-plane`. */
function idOf(title: string): string {
  const english = /\(([^)]+)\)$/.exec(title)?.[1] ?? title;
  return english.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
