/**
 * Plots of values over time, drawn by uPlot to the width of the tracks below them.
 * Invariant: an element is drawn anew only when its values, its width or the theme changed; what it shows is said in words beside it.
 */
import './language.ts';
import 'uplot/dist/uPlot.min.css';
import UPlot from 'uplot';
import type { HeadModel, PlotModel } from '../../host/panels/timeline/model.ts';
import type { Tone } from '../../host/protocol/view.ts';

const HEIGHT = 64;

interface Drawn {
  readonly element: HTMLElement;
  chart: UPlot | undefined;
  model: PlotModel | undefined;
  from: number;
  step: number;
}

export class Plots {
  private readonly drawn = new Map<string, Drawn>();
  private readonly sizes = new ResizeObserver(() => this.resize());

  constructor() {
    // Colours are read when a chart is made.
    new MutationObserver(() => this.forget()).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  /** The element that shows the model; stays the same one. */
  element(model: PlotModel, { from, step }: HeadModel): HTMLElement {
    let drawn = this.drawn.get(model.key);
    if (drawn === undefined) {
      const element = document.createElement('div');
      element.className = 'plot';
      element.setAttribute('aria-hidden', 'true');
      this.drawn.set(model.key, (drawn = { element, chart: undefined, model: undefined, from: 0, step: 0 }));
      this.sizes.observe(element);
    }
    const same = drawn.model === model && drawn.from === from && drawn.step === step;
    if (!same) {
      Object.assign(drawn, { model, from, step });
      this.draw(drawn);
    }
    return drawn.element;
  }

  private draw(drawn: Drawn): void {
    const { element, model, chart } = drawn;
    const width = element.clientWidth;
    if (model === undefined || width === 0) return;
    const data = dataOf(drawn);
    if (chart !== undefined && chart.series.length === data.length) {
      chart.setData(data);
      return;
    }
    chart?.destroy();
    drawn.chart = new UPlot(optionsOf(model, width), data, element);
  }

  private resize(): void {
    for (const drawn of this.drawn.values()) {
      const width = drawn.element.clientWidth;
      if (width === 0) continue;
      if (drawn.chart === undefined) this.draw(drawn);
      else if (drawn.chart.width !== width) drawn.chart.setSize({ width, height: HEIGHT });
    }
  }

  private forget(): void {
    for (const drawn of this.drawn.values()) {
      drawn.chart?.destroy();
      drawn.chart = undefined;
      this.draw(drawn);
    }
  }
}

/** Each value holds for its whole step. */
function dataOf({ model, from, step }: Drawn): UPlot.AlignedData {
  const series = model?.series ?? [];
  const length = series[0]?.values.length ?? 0;
  const times = Array.from({ length: length + 1 }, (_, index) => from + index * step);
  return [times, ...series.map(({ values }) => [...values.slice(0, 1), ...values])];
}

function optionsOf(model: PlotModel, width: number): UPlot.Options {
  const line = colour('--border') || 'transparent';
  return {
    width,
    height: HEIGHT,
    padding: [4, 0, 2, 0],
    cursor: { show: false },
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: false, range: (_, min, max) => [min, max] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [{ show: false }, { show: true, size: 0, ticks: { show: false }, grid: { stroke: line, width: 1 }, values: () => [] }],
    series: [
      {},
      ...model.series.map(({ name, tone }, index) => ({
        label: name,
        stroke: toneColour(tone),
        width: 1.5,
        // So that lines that lie on each other are told apart.
        ...(index === 0 ? {} : { dash: index === 1 ? [6, 3] : [2, 2] }),
        points: { show: false },
        paths: UPlot.paths.stepped?.({ align: -1 }) ?? (() => null),
      })),
    ],
  };
}

function toneColour(tone: Tone): string {
  const names = { ok: '--ok', busy: '--busy', warn: '--busy', error: '--error', idle: '--dim', info: '--info' };
  return colour(names[tone]);
}

/** What a variable of the style sheet comes to, as a canvas understands it. */
function colour(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
