import { parseProgram, type Schedule, type Start, type Work } from '../../runtime/programs/grammar.ts';

/** A program in words, as a list in Markdown: one line a start of the container. */
export function programText(text: string): string {
  const { starts } = parseProgram(text).program;
  const name = (index: number): string =>
    starts.length === 1 ? 'each start' : index === starts.length - 1 ? `start ${index + 1} and later` : `start ${index + 1}`;
  return starts.map((start, index) => `- ${name(index)}: ${startText(start)}`).join('\n');
}

function startText(start: Start): string {
  const { work, exec, http = [], tcp = [], grpc = [], onTerm, startError, createError } = start;
  if (createError !== undefined) return `cannot be created: ${createError}`;
  if (startError !== undefined) return `cannot be started: ${startError}`;
  return [
    workText(work),
    ...(exec === undefined
      ? []
      : [`commands: ${schedule(exec, (verdict) => (typeof verdict === 'object' ? `fail with ${verdict.exitCode}` : verdict))}`]),
    ...http.map(({ port, path, answer }) => `HTTP :${port}${path ?? ''}: ${schedule(answer, String)}`),
    ...tcp.map(({ port, state }) => `TCP :${port}: ${schedule(state, String)}`),
    ...grpc.map(({ port, state }) => `gRPC :${port}: ${schedule(state, String)}`),
    ...(onTerm === undefined
      ? []
      : [onTerm.ignore ? 'ignores SIGTERM' : `at SIGTERM: ends with ${onTerm.exitCode} after ${seconds(onTerm.afterMs)}`]),
  ].join('; ');
}

function workText(work: readonly Work[]): string {
  if (work.length === 0) return 'runs for ever';
  const end = work.findIndex(({ do: what }) => what === 'run' || what === 'exit' || what === 'oom');
  const done = (end < 0 ? work : work.slice(0, end + 1)).map(stepText);
  return [...done, ...(end < 0 ? ['ends with 0 (Completed)'] : [])].join(', ');
}

function stepText(step: Work): string {
  switch (step.do) {
    case 'run':
      return 'runs until it is stopped';
    case 'sleep':
      return `works for ${seconds(step.ms)}`;
    case 'exit':
      return `ends with ${step.code} (${step.code === 0 ? 'Completed' : 'Error'})`;
    case 'oom':
      return 'ends with 137 (OOMKilled)';
    case 'log':
      return `logs “${step.text}”`;
    case 'message':
      return `leaves the message “${step.text}”`;
  }
}

function schedule<V>(entries: Schedule<V>, text: (value: V) => string): string {
  return entries
    .map(({ value, untilMs }) => (untilMs === undefined ? text(value) : `${text(value)} until ${seconds(untilMs)}`))
    .join(', then ');
}

/** `90 s`, `0.5 s` */
function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
