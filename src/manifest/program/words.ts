/** A word of a program's text, with its place in it. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The statements of a program, each as its words, with the start (from 0) that they are of. */
export interface Statement {
  readonly part: number;
  readonly words: readonly Word[];
}

/** As `runtime/programs` cuts it: `|` between starts, `;` between statements. */
export function statementsOf(text: string): readonly Statement[] {
  const statements: Statement[] = [];
  let part = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const mark = text[at];
    if (mark !== undefined && mark !== ';' && mark !== '|') continue;
    statements.push({ part, words: wordsOf(text, from, at) });
    if (mark === '|') part++;
    from = at + 1;
  }
  return statements;
}

function wordsOf(text: string, start: number, end: number): readonly Word[] {
  return [...text.slice(start, end).matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    start: start + match.index,
    end: start + match.index + match[0].length,
  }));
}
