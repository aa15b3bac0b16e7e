/**
 * The page of a webview: one script, its style sheets, and a content security policy that allows nothing else.
 * Invariant: pure, so that the extension and the tests make the same page; no inline style, no inline script.
 */

export interface PageOptions {
  readonly title: string;
  /** Language of the page's text, such as `en`. */
  readonly lang: string;
  /** `webview.cspSource`: where style sheets and fonts come from. */
  readonly cspSource: string;
  /** A fresh random text of letters and digits for every page. */
  readonly nonce: string;
  /** URI of `dist/webview/<surface>.js`. */
  readonly scriptUri: string;
  /** URIs of `dist/webview/codicon.css` and `dist/webview/<surface>.css`, in this order. */
  readonly styleUris: readonly string[];
}

export function pageHtml(options: PageOptions): string {
  const { title, lang, cspSource, nonce, scriptUri, styleUris } = options;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const styles = styleUris.map((uri) => `    <link rel="stylesheet" href="${escapeHtml(uri)}">`).join('\n');
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
${styles}
  </head>
  <body>
    <main id="root"></main>
    <script type="module" nonce="${escapeHtml(nonce)}" src="${escapeHtml(scriptUri)}"></script>
  </body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
