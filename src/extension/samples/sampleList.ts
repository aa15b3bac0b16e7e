/**
 * The samples as a list: what each folder shows, as the table of samples/README.md says it.
 * Invariant: pure; the table is the only place where that is written. Counterpart: none in Kubernetes.
 */

export interface Sample {
  /** The folder's name. */
  readonly folder: string;
  /** What it shows, as plain text. */
  readonly shows: string;
  /** What to try with it, as plain text. */
  readonly hint: string;
}

/** @param text a Markdown document; rows of its tables whose first cell links to a folder are samples */
export function samplesIn(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line): readonly Sample[] => {
    const [, first = '', shows = '', hint = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const folder = /^\[[^\]]+\]\(([\w-]+)\/?\)$/.exec(first)?.[1];
    return folder === undefined ? [] : [{ folder, shows: plain(shows), hint: plain(hint) }];
  });
}

/** Without the marks of Markdown. */
function plain(text: string): string {
  return text.replaceAll(/\*\*|`/g, '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
}
