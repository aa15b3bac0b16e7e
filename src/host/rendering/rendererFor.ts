import type { Editor } from '../worker/editor.ts';
import { Renderer } from './renderer.ts';

/** Renders with the texts and the judge of an editor, which asks again when what a result was judged by is another one. */
export function rendererFor(editor: Editor): Renderer {
  const { documents } = editor;
  const renderer = new Renderer({
    judge: () => editor.judge,
    world: (namespace) => editor.references.world(namespace),
    kustomizations: editor.kustomizations,
    isSaid: (uri) => documents.textOf(uri) !== undefined && editor.charts.diagnostics(uri).length > 0,
    openText: (uri) => documents.textOf(uri),
    openUris: () => documents.uris(),
  });
  editor.references.alsoAsk({ changed: () => renderer.changed(), close: (uri) => renderer.close(uri) });
  return renderer;
}
