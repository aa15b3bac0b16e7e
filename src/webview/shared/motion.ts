/** Whether a person wants nothing to move: by the system, or by VS Code's own setting. */
export function isCalm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion');
}
