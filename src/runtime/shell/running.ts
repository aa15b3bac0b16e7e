import type { Execution, Input, Wait } from './process.ts';

/** A program that is under way. */
export class RunningProcess {
  /** Undefined while it runs. */
  exitCode: number | undefined;
  private readonly execution: Execution;
  private readonly input: Input;
  private readonly nowMs: () => number;
  private wait: Wait | undefined;
  private wakeAtMs = 0;
  private news = true;

  constructor(execution: Execution, input: Input, nowMs: () => number) {
    this.execution = execution;
    this.input = input;
    this.nowMs = nowMs;
  }

  write(bytes: string): void {
    this.input.push(bytes);
    this.news = true;
  }

  closeInput(): void {
    this.input.closed = true;
    this.news = true;
  }

  /** Goes on as far as it can at the present time. */
  run(): void {
    while (this.exitCode === undefined && this.mayGoOn()) {
      this.news = false;
      const step = this.execution.next();
      if (step.done === true) {
        this.exitCode = step.value;
        return;
      }
      this.wait = step.value;
      this.wakeAtMs = this.nowMs() + (step.value.for === 'time' ? step.value.ms : step.value.for === 'tick' ? 1 : 0);
    }
  }

  private mayGoOn(): boolean {
    if (this.wait === undefined) return true;
    return this.wait.for === 'input' ? this.news : this.nowMs() >= this.wakeAtMs;
  }
}
