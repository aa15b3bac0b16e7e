/**
 * The language of scripted programs as an editor shows it: each statement with its form, its meaning and what may follow.
 * Invariant: the same words as `runtime/programs` reads; a test holds the two together.
 * Counterpart: none in Kubernetes; docs/programs.md tells the same at length.
 */

export interface StatementFacts {
  readonly form: string;
  readonly meaning: string;
  /** With places to fill in, as editors write them. */
  readonly snippet: string;
  /** `work` is done in order; all else holds for the whole start, wherever it stands. */
  readonly part: 'work' | 'start';
}

export const STATEMENTS = {
  run: { form: 'run', meaning: 'Runs until it is stopped.', snippet: 'run', part: 'work' },
  sleep: { form: 'sleep D', meaning: 'Works for so long, then goes on with the next statement.', snippet: 'sleep ${1:10s}', part: 'work' },
  exit: {
    form: 'exit N',
    meaning: 'Ends with that code: reason Completed for 0, else Error.',
    snippet: 'exit ${1:1}',
    part: 'work',
  },
  oom: { form: 'oom', meaning: 'Is killed for its memory: code 137, reason OOMKilled.', snippet: 'oom', part: 'work' },
  log: { form: 'log TEXT', meaning: 'Writes a line to its log.', snippet: 'log ${1:text}', part: 'work' },
  message: {
    form: 'message TEXT',
    meaning: 'Writes the termination message, which the status shows after the end.',
    snippet: 'message ${1:text}',
    part: 'work',
  },
  exec: {
    form: 'exec (ok | fail [N] | hang) [until D then …]',
    meaning:
      'What commands in the container come to: exec probes and hooks. `fail` prints `check failed` and exits with 1 or N, `hang` never ends. Without it they succeed.',
    snippet: 'exec ${1:ok}',
    part: 'start',
  },
  serve: {
    form: 'serve PORT [PATH] (CODE | hang) [until D then …]',
    meaning: 'An HTTP server that answers with that code. A path without a rule gets 404.',
    snippet: 'serve ${1:8080} ${2:/healthz} ${3:200}',
    part: 'start',
  },
  tcp: {
    form: 'tcp PORT (open | closed) [until D then …]',
    meaning: 'A port that takes connections or refuses them.',
    snippet: 'tcp ${1:5432} ${2:open}',
    part: 'start',
  },
  grpc: {
    form: 'grpc PORT (serving | not-serving) [until D then …]',
    meaning: 'The health service of gRPC on that port.',
    snippet: 'grpc ${1:9090} ${2:serving}',
    part: 'start',
  },
  'on-term': {
    form: 'on-term (ignore | [exit N] [after D])',
    meaning: 'What SIGTERM does. Without it the container exits with 143 at once; `ignore` waits for SIGKILL (137).',
    snippet: 'on-term exit ${1:0} after ${2:5s}',
    part: 'start',
  },
  'start-error': {
    form: 'start-error TEXT',
    meaning: 'The runtime cannot start the container: code 128, reason StartError, with that message. Only for this start.',
    snippet: 'start-error ${1:text}',
    part: 'start',
  },
  'create-error': {
    form: 'create-error TEXT',
    meaning: 'The runtime cannot create the container (CreateContainerError). Only for this start.',
    snippet: 'create-error ${1:text}',
    part: 'start',
  },
  'start-latency': {
    form: 'start-latency D',
    meaning: 'Starting the container takes so long. Only for this start.',
    snippet: 'start-latency ${1:2s}',
    part: 'start',
  },
  image: {
    form: 'image [present | missing | denied | refused | private] [until D] [pull D] [size BYTES] [user NAME]',
    meaning:
      'What there is of the container’s image: already on the node, or in the registry with a fault (for so long), a time that its pull takes, a size and a user. It belongs to the image’s name: the first program that names it decides.',
    snippet: 'image ${1|present,missing,denied,refused,private|}',
    part: 'start',
  },
} as const satisfies Readonly<Record<string, StatementFacts>>;

export type StatementName = keyof typeof STATEMENTS;

export const STATEMENT_NAMES = Object.keys(STATEMENTS) as readonly StatementName[];

export function isStatement(word: string): word is StatementName {
  return Object.hasOwn(STATEMENTS, word);
}

/** Words within statements that mean something by themselves. */
export const WORDS: ReadonlyMap<string, string> = new Map([
  ['until', 'What stands before holds up to this time after the container’s start.'],
  ['then', 'What holds from that time on.'],
  ['ok', 'Commands succeed.'],
  ['fail', 'Commands print `check failed` and exit with 1, or with the code that follows.'],
  ['hang', 'No answer ever comes: a probe ends by its timeout.'],
  ['open', 'The port takes connections.'],
  ['closed', 'The port refuses connections.'],
  ['serving', 'The health service says SERVING.'],
  ['not-serving', 'The health service says NOT_SERVING.'],
  ['ignore', 'SIGTERM is ignored; the end comes by SIGKILL when the grace period is over.'],
  ['after', 'How long the container takes to end after SIGTERM.'],
  ['present', 'The image is on the node already.'],
  ['missing', 'The registry does not have it: ErrImagePull, then ImagePullBackOff.'],
  ['denied', 'The registry refuses access.'],
  ['refused', 'The registry cannot be reached.'],
  ['private', 'Only a pull secret for registry.test with the user `good` gets it.'],
  ['pull', 'How long the pull takes.'],
  ['size', 'The size of the image in bytes.'],
  ['user', 'The user that the image runs as: a name or a number.'],
]);

/** The values that a statement changes over time. */
const VALUES: Readonly<Partial<Record<StatementName, readonly string[]>>> = {
  exec: ['ok', 'fail', 'hang'],
  serve: ['200', '500', '503', '404', 'hang'],
  tcp: ['open', 'closed'],
  grpc: ['serving', 'not-serving'],
};
const DURATIONS: readonly string[] = ['5s', '10s', '30s', '1m', '500ms'];
const PORTS: readonly string[] = ['8080', '80', '443', '5432', '6379', '9090'];
const IMAGE_WORDS: readonly string[] = ['present', 'missing', 'denied', 'refused', 'private', 'until', 'pull', 'size', 'user'];
const FAULTS: ReadonlySet<string> = new Set(['missing', 'denied', 'refused', 'private']);

/**
 * What may stand next in a statement.
 * @param name of the statement
 * @param words those after it that are complete
 */
export function nextWords(name: StatementName, words: readonly string[]): readonly string[] {
  const last = words.at(-1);
  switch (name) {
    case 'sleep':
    case 'start-latency':
      return last === undefined ? DURATIONS : [];
    case 'exit':
      return last === undefined ? ['0', '1', '137', '143'] : [];
    case 'exec':
      return inSchedule(name, words);
    case 'tcp':
    case 'grpc':
      return last === undefined ? PORTS : inSchedule(name, words.slice(1));
    case 'serve': {
      if (last === undefined) return PORTS;
      const path = words[1]?.startsWith('/') === true;
      const rest = inSchedule(name, words.slice(path ? 2 : 1));
      return words.length === 1 ? ['/', '/healthz', '/ready', ...rest] : rest;
    }
    case 'on-term':
      if (last === 'after') return DURATIONS;
      if (last === 'exit') return ['0', '143'];
      if (last === 'ignore') return [];
      return ['ignore', 'exit', 'after'].filter((word) => !words.includes(word) && (word !== 'ignore' || last === undefined));
    case 'image':
      if (last === 'until' || last === 'pull') return DURATIONS;
      if (last === 'size' || last === 'user') return [];
      return IMAGE_WORDS.filter((word) => !words.includes(word) && !(FAULTS.has(word) && words.some((each) => FAULTS.has(each))));
    default:
      return [];
  }
}

/** `v { "until" duration "then" v }` */
function inSchedule(name: StatementName, words: readonly string[]): readonly string[] {
  const last = words.at(-1);
  if (last === undefined || last === 'then') return VALUES[name] ?? [];
  if (last === 'until') return DURATIONS;
  return [words.at(-2) === 'until' ? 'then' : 'until'];
}
