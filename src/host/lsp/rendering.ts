/**
 * Charts and kustomizations that open files are part of, rendered by the user's helm and kubectl, and what is found in the result.
 * Invariant: no program is run unless the client said at the start that the folder is trusted. Counterpart: the extension's
 * `rendering/rendered.ts`.
 */
import type { Diagnostic } from '../../manifest/model.ts';
import { isKustomization } from '../../manifest/rendered/kustomize/kustomization.ts';
import { RenderedFindings } from '../protocol/renderedFindings.ts';
import type { RenderedRoot } from '../protocol/rendering.ts';
import type { Renderer } from '../rendering/renderer.ts';
import type { Editor } from '../worker/editor.ts';
import { AfterPause } from './afterPause.ts';
import type { LspClient } from './client.ts';
import type { LspSettings } from './settings.ts';

export interface LspRenderingOptions {
  readonly editor: Editor;
  readonly client: LspClient;
  readonly settings: () => LspSettings;
  readonly isTrusted: () => boolean;
  readonly show: (uri: string, diagnostics: readonly Diagnostic[]) => void;
}

const PAUSE_MS = 400;
const MAY_BE_RENDERED = /\/templates\/|values[\w.-]*\.ya?ml$|\/Chart\.ya?ml$/i;

export class LspRendering {
  private readonly options: LspRenderingOptions;
  private readonly shown: RenderedFindings;
  private readonly soon: AfterPause;
  private readonly told = new Set<string>();
  private renderer: Promise<Renderer> | undefined;

  constructor(options: LspRenderingOptions) {
    this.options = options;
    this.shown = new RenderedFindings(options.show);
    this.soon = new AfterPause(
      PAUSE_MS,
      (uri, signal) => this.render(uri, signal),
      (uri, error) => options.client.log('warning', `${uri} was not rendered: ${String(error)}`),
    );
  }

  schedule(uri: string): void {
    const { enabled, rendering } = this.options.settings();
    this.soon.cancel(uri);
    if (!uri.startsWith('file:') || !enabled || !rendering.enabled) return;
    if (this.options.isTrusted()) this.soon.schedule(uri);
    else if (MAY_BE_RENDERED.test(uri) || isKustomization(uri))
      this.once('trust', () =>
        this.options.client.log(
          'info',
          'Charts and kustomizations are not rendered and judged: the client does not say that the folder is trusted ' +
            '("trusted": true among the initializationOptions of Kubepad).',
        ),
      );
  }

  close(uri: string): void {
    this.soon.cancel(uri);
    this.shown.forget(uri);
  }

  /** Nothing is rendered any more, it may be. */
  settingsChanged(): void {
    const { enabled, rendering } = this.options.settings();
    if (!enabled || !rendering.enabled) this.shown.clear();
  }

  dispose(): void {
    this.soon.dispose();
  }

  private async render(uri: string, signal: AbortSignal): Promise<void> {
    const { diagnostics, rendering } = this.options.settings();
    const renderer = await (this.renderer ??= this.load());
    const roots = await renderer.render(
      {
        uri,
        helm: rendering.helm,
        kubectl: rendering.kubectl,
        namespace: diagnostics.namespace,
        targetVersion: diagnostics.targetVersion ?? '',
        warnings: diagnostics.warnings,
        references: diagnostics.references,
        rules: diagnostics.rules ?? {},
      },
      signal,
    );
    if (signal.aborted) return;
    this.shown.set(uri, roots);
    for (const root of roots) this.complain(root);
  }

  /** A tool that is missing is told once, and where it is said. */
  private complain({ tool, outcome, message, root }: RenderedRoot): void {
    const { client } = this.options;
    if (outcome === 'stopped') client.log('info', `${root} was not rendered: ${message}`);
    if (outcome !== 'missing') return;
    const what = tool === 'helm' ? 'charts are' : 'kustomizations are';
    this.once(tool, () =>
      client.show('info', `${message}, so ${what} not rendered and judged. Install it, or say by kubepad.rendering.${tool} where it is.`),
    );
  }

  private once(what: string, tell: () => void): void {
    if (this.told.has(what)) return;
    this.told.add(what);
    tell();
  }

  /** Read when something is first rendered. */
  private async load(): Promise<Renderer> {
    const { editor } = this.options;
    const { rendererFor } = await import('../rendering/rendererFor.ts');
    return rendererFor(editor);
  }
}
