/**
 * The little of Markdown that tours and the glossary are written in, as plain data.
 * Invariant: never throws; what is no known mark is text. Counterpart: CommonMark, of which this is a part.
 */
import type { Block, Span, TourTarget } from '../panels/tour/model.ts';

/** A heading and what stands below it. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The first section has the heading of the document. */
export function sectionsOf(text: string): readonly Section[] {
  const sections: { title: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const title = /^##? +(.+)$/.exec(line)?.[1];
    if (title !== undefined) sections.push({ title: title.trim(), lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

const FENCE = /^```/;
const ITEM = /^(?:[-*]|(\d+)\.) +(.*)$/;
const NOTE = /^> ?/;

export function blocksOf(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const begin = at;
    const line = lines[at] ?? '';
    if (line.trim() === '') at++;
    else if (FENCE.test(line)) {
      const end = lines.findIndex((other, index) => index > begin && FENCE.test(other));
      at = end < 0 ? lines.length : end + 1;
      blocks.push({ type: 'code', text: lines.slice(begin + 1, end < 0 ? at : end).join('\n') });
    } else if (ITEM.test(line)) {
      const items: string[] = [];
      for (; at < lines.length && (lines[at] ?? '').trim() !== ''; at++) {
        const item = ITEM.exec(lines[at] ?? '')?.[2];
        if (item !== undefined) items.push(item);
        else items.push(`${items.pop() ?? ''} ${(lines[at] ?? '').trim()}`);
      }
      blocks.push({ type: 'list', ordered: ITEM.exec(line)?.[1] !== undefined, items: items.map(spansOf) });
    } else {
      while (at < lines.length && (lines[at] ?? '').trim() !== '' && (at === begin || !FENCE.test(lines[at] ?? ''))) at++;
      const type = NOTE.test(line) ? 'note' : 'paragraph';
      const text = lines.slice(begin, at).map((each) => (type === 'note' ? each.replace(NOTE, '') : each));
      blocks.push({ type, spans: spansOf(text.join(' ').trim()) });
    }
  }
  return blocks;
}

const MARK = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]*)\)/g;

export function spansOf(text: string): readonly Span[] {
  const spans: Span[] = [];
  let last = 0;
  const plain = (end: number): void => {
    if (end > last) spans.push({ type: 'text', text: text.slice(last, end) });
  };
  for (const match of text.matchAll(MARK)) {
    const [whole, strong, code, label, target] = match;
    plain(match.index);
    last = match.index + whole.length;
    if (strong !== undefined) spans.push({ type: 'strong', text: strong });
    else if (code !== undefined) spans.push({ type: 'code', text: code });
    else spans.push(linkOf(label ?? '', target ?? ''));
  }
  plain(text.length);
  return spans;
}

function linkOf(text: string, address: string): Span {
  const term = /^term:([\w-]+)$/.exec(address)?.[1];
  if (term !== undefined) return { type: 'term', text, term };
  const target = targetOf(address);
  return target === undefined ? { type: 'text', text } : { type: 'link', text, target };
}

const VIEWS = ['cluster', 'events', 'map', 'timeline', 'comparison', 'glossary'] as const;

/** Undefined: it leads nowhere. */
export function targetOf(address: string): TourTarget | undefined {
  const [, scheme = '', rest = ''] = /^(\w+):(.+)$/.exec(address) ?? [];
  switch (scheme) {
    case 'view': {
      const view = VIEWS.find((each) => each === rest);
      return view === undefined ? undefined : { type: 'view', view };
    }
    case 'object':
    case 'why':
      return { type: 'object', name: rest, tab: scheme === 'why' ? 'why' : 'state' };
    case 'tour':
      return { type: 'tour', tour: rest };
    case 'https':
      return { type: 'page', url: address };
    default: {
      const folder = /^(?:\.\.\/)+samples\/([\w-]+)/.exec(address)?.[1];
      return folder === undefined ? undefined : { type: 'sample', folder };
    }
  }
}
