/**
 * The line discipline of a terminal: echoes what is typed, edits the line, and turns line feeds into what terminals want.
 * Invariant: the program sees whole lines. Counterpart: the tty driver of Linux.
 */
export interface TerminalOutput {
  /** To the screen. */
  readonly show: (bytes: string) => void;
  /** To the program. */
  readonly line: (bytes: string) => void;
  /** Control-D on an empty line. */
  readonly end: () => void;
  /** Control-C. */
  readonly interrupt: () => void;
}

export class Terminal {
  private readonly output: TerminalOutput;
  private line = '';

  constructor(output: TerminalOutput) {
    this.output = output;
  }

  type(bytes: string): void {
    for (const char of bytes) this.key(char);
  }

  /** Output of the program as a screen wants it. */
  static toScreen(bytes: string): string {
    return bytes.replaceAll(/(?<!\r)\n/g, '\r\n');
  }

  private key(char: string): void {
    const { show, line, end, interrupt } = this.output;
    if (char === '\r' || char === '\n') {
      show('\r\n');
      line(`${this.line}\n`);
      this.line = '';
    } else if (char === '\u007f' || char === '\b') {
      if (this.line !== '') show('\b \b');
      this.line = this.line.slice(0, -1);
    } else if (char === '\u0004') {
      if (this.line === '') end();
    } else if (char === '\u0003') {
      show('^C\r\n');
      this.line = '';
      interrupt();
    } else {
      show(char);
      this.line += char;
    }
  }
}
