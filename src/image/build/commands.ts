/** A script as its single commands, as far as a build must tell them apart. */
export interface Command {
  readonly words: readonly string[];
  /** The file that output is written to, and whether it is appended. */
  readonly output?: { readonly path: string; readonly appends: boolean };
  /** What joins it to the command before. */
  readonly after: '' | '&&' | '||' | ';' | '|';
}

/** `a && b > c` is two commands. What is in quotes holds together; a subshell is taken as its commands. */
export function commandsOf(script: string): readonly Command[] {
  const commands: Command[] = [];
  let words: string[] = [];
  let word = '';
  let open = false;
  let quote = '';
  let after: Command['after'] = '';
  let output: Command['output'];
  let redirects: 'out' | 'append' | 'other' | undefined;
  const endWord = (): void => {
    if (!open) return;
    if (redirects === 'other') redirects = undefined;
    else if (redirects !== undefined) {
      output = { path: word, appends: redirects === 'append' };
      redirects = undefined;
    } else words.push(word);
    word = '';
    open = false;
  };
  const endCommand = (next: Command['after']): void => {
    endWord();
    if (words.length > 0 || output !== undefined) commands.push({ words, after, ...(output === undefined ? {} : { output }) });
    words = [];
    output = undefined;
    after = next;
  };
  for (let at = 0; at < script.length; at++) {
    const char = script.charAt(at);
    const pair = script.slice(at, at + 2);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && /["\\$`]/.test(script.charAt(at + 1))) word += script.charAt(++at);
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      open = true;
    } else if (char === '\\' && at + 1 < script.length) {
      word += script.charAt(++at);
      open = true;
    } else if (pair === '&&' || pair === '||') {
      endCommand(pair);
      at++;
    } else if (char === ';' || char === '\n' || char === '|') endCommand(char === '|' ? '|' : ';');
    else if (char === '>' || char === '<') {
      const isStdout = word === '' || word === '1';
      if (/^\d$/.test(word)) [word, open] = ['', false];
      endWord();
      redirects = char === '<' || !isStdout ? 'other' : pair === '>>' ? 'append' : 'out';
      if (pair === '>>' || pair === '>&' || pair === '<<') at++;
    } else if (/\s/.test(char) || char === '(' || char === ')') endWord();
    else {
      word += char;
      open = true;
    }
  }
  endCommand('');
  return commands;
}
