import { nameOf, scanTemplate, type Segment } from '../template/scan.ts';
import { scopedActions, valuesIn, type ValuePath } from '../template/values.ts';
import { chartFolder, type ChartFiles } from '../chartFiles.ts';

/** A word in a file of a chart. */
export interface ChartWord {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Words of a chart's templates: where definitions stand, who names them, who uses a value. */
export class ChartIndex {
  readonly chart: ChartFiles;
  private readonly segments = new Map<string, readonly Segment[]>();

  constructor(chart: ChartFiles) {
    this.chart = chart;
  }

  scan(path: string): readonly Segment[] {
    const known = this.segments.get(path) ?? scanTemplate(this.chart.text(path) ?? '');
    this.segments.set(path, known);
    return known;
  }

  /** Definitions are known to all charts of a release. */
  definitions(): readonly ChartWord[] {
    return this.words(({ keyword }) => keyword === 'define' || keyword === 'block');
  }

  /** The actions that render a definition. */
  includes(name: string): readonly ChartWord[] {
    return this.words(({ keyword, inner }) => keyword === 'template' || /^include\b/.test(inner)).filter((word) => word.text === name);
  }

  /** Who uses a value or a part of it. @param file the file of values in which it stands */
  uses(file: string, path: ValuePath): readonly ChartWord[] {
    return this.chart.templates().flatMap((template) => {
      const text = this.chart.text(template) ?? '';
      if (!text.includes('Values')) return [];
      return scopedActions(this.scan(template)).flatMap(({ action, scope }) =>
        valuesIn(action, scope).flatMap((reference): readonly ChartWord[] => {
          const roots = this.chart.valueRoots(template, reference.path);
          const hit = roots.some(([own, full]) => (own === file || chartFolder(own) === chartFolder(file)) && reaches(full, path));
          return hit
            ? [{ path: template, start: reference.start, end: reference.end, text: text.slice(reference.start, reference.end) }]
            : [];
        }),
      );
    });
  }

  private words(wanted: (action: Extract<Segment, { type: 'action' }>) => boolean): readonly ChartWord[] {
    return this.chart.templates().flatMap((path) =>
      this.scan(path).flatMap((segment): readonly ChartWord[] => {
        if (segment.type === 'text' || !wanted(segment)) return [];
        const name = nameOf(segment);
        if (name === undefined) return [];
        const start = segment.innerStart + segment.inner.indexOf(name);
        return [{ path, start, end: start + name.length, text: name }];
      }),
    );
  }
}

/** One of two paths goes through the other: who prints a whole map uses all that is in it. */
function reaches(a: ValuePath, b: ValuePath): boolean {
  const length = Math.min(a.length, b.length);
  return length > 0 && a.slice(0, length).every((name, at) => name === b[at] || (isItem(name) && isItem(b[at])));
}

function isItem(name: string | undefined): boolean {
  return name === '[]' || /^\d+$/.test(name ?? '');
}
