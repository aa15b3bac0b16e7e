/** The one object that VS Code gives a webview, with the types of the surface's protocol. */

export interface VsCode<Out, State> {
  postMessage(message: Out): void;
  /** Kept while the webview is hidden and over a reload of the window. */
  getState(): State | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi(): VsCode<unknown, unknown>;

/** May be called once per page. */
export function connect<In, Out, State>(receive: (message: In) => void): VsCode<Out, State> {
  const api = acquireVsCodeApi();
  // Only the extension can post into the page: its policy allows no frame and no other script.
  window.addEventListener('message', (event: MessageEvent<In>) => receive(event.data));
  return api as VsCode<Out, State>;
}
