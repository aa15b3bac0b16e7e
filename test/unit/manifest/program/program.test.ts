import assert from 'node:assert/strict';
import { isScalar, parseDocument, type Scalar } from 'yaml';
import { programText } from '../../../../src/manifest/program/programText.ts';
import { sourceOffsets } from '../../../../src/manifest/program/sourceMap.ts';
import { nextWords, STATEMENT_NAMES, STATEMENTS } from '../../../../src/manifest/program/statements.ts';
import { parseProgram } from '../../../../src/runtime/programs/grammar.ts';
import { completeAt } from '../../../../src/manifest/completion/completion.ts';
import { Documents } from '../../../../src/manifest/documents.ts';
import { checkDiagnostics, completions, fixed, hover, judge } from '../check.ts';

const pod = (annotations: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n${annotations}\nspec:\n  containers:\n    - name: app\n      image: a\n    - name: side\n      image: b\n`;
const program = (written: string): string => pod(`    kubepad.dev/program.app: ${written}`);

describe('problems of scripted programs', () => {
  for (const [title, lines] of [
    [
      'a plain text',
      ['    kubepad.dev/program.app: sleep 3; exot 1', '#                                     ^^^^ Program: unknown statement "exot"'],
    ],
    [
      'single quotes with an escaped quote before',
      [
        "    kubepad.dev/program.app: 'log it''s; sleep x'",
        '#                                              ^ Program: "sleep" needs a duration such as 3, 500ms, 3s or 1m',
      ],
    ],
    [
      'double quotes with escapes before',
      [
        '    kubepad.dev/program.app: "log \\"a\\\\b\\" \\x41; exit 300"',
        '#                                                     ^^^ Program: "exit" needs an exit code from 0 to 255',
      ],
    ],
    [
      'a folded block',
      [
        '    kubepad.dev/program.app: >- # in two lines',
        '      sleep 3;',
        '      serve 8080 /healthz 200 untill 5s then 500',
        '#                             ^^^^^^ Program: unexpected "untill"',
      ],
    ],
    [
      'a literal block',
      [
        '    kubepad.dev/program.app: |',
        '      exec fail until 9s then ok until 3s then fail;',
        '#                                      ^^ Program: times count from the start and must grow',
      ],
    ],
    [
      'a plain text of two lines',
      ['    kubepad.dev/program.app: run;', '      tcp 0 open', '#         ^ Program: "tcp" needs a port from 1 to 65535'],
    ],
    [
      'work after the end',
      [
        '    kubepad.dev/program.app: run; log more; serve 80 200',
        '#                                 ^^^^^^^^ Program: never done: "run" before it has no end or is the end',
      ],
    ],
    [
      'a wrong name',
      [
        '    kubepad.dev/program.ap: run',
        '#   ^^^^^^^^^^^^^^^^^^^^^^ Program: no container of the Pod has the name "ap"; there are: app, side',
      ],
    ],
    ['nothing wrong', ['    kubepad.dev/program.app: exit 1 | log again; run; serve 80 /a 503 until 2s then 200; on-term exit 0 after 1m']],
  ] as const) {
    it(`are found in ${title}`, () => checkDiagnostics(pod(lines.join('\n'))));
  }

  it('are found in templates, in Lists and in later documents', () => {
    const template = (indent: string): string =>
      [
        'template:',
        '  metadata:',
        '    labels: { a: b }',
        '    annotations:',
        '      kubepad.dev/program.app: rum',
        '#                              ^^^ Program: unknown statement "rum"',
        '  spec:',
        '    containers:',
        '      - name: app',
        '        image: a',
      ]
        .map((line) => (line.startsWith('#') ? `#${indent}${line.slice(1)}` : indent + line))
        .join('\n');
    const deployment = (indent: string): string =>
      `${indent}apiVersion: apps/v1\n${indent}kind: Deployment\n${indent}metadata:\n${indent}  name: d\n${indent}spec:\n${indent}  selector: { matchLabels: { a: b } }\n${template(`${indent}  `)}\n`;
    checkDiagnostics(`${deployment('')}---\n${deployment('')}`);
    checkDiagnostics(`apiVersion: v1\nkind: List\nitems:\n- ${deployment('  ').slice(2)}`);
  });

  it('says where a program belongs that stands on the workload itself', () =>
    checkDiagnostics(
      [
        'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: j\n  annotations:\n    kubepad.dev/program.app: run',
        '#   ^^^^^^^^^^^^^^^^^^^^^^^ Program: a program belongs to the Pods: put it into spec.template.metadata.annotations',
        'spec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: app\n          image: a\n',
      ].join('\n'),
    ));

  it('come with the nearest word, within an escaped text too', () => {
    assert.equal(fixed(program('"log \\"a\\"; slep 3"'), 'Change to "sleep"'), program('"log \\"a\\"; sleep 3"'));
    assert.equal(fixed(program('serve 80 200 untl 3s then 500'), 'Change to "until"'), program('serve 80 200 until 3s then 500'));
    assert.match(fixed(pod('    kubepad.dev/program.sid: run'), 'Change to "kubepad.dev/program.side"'), /program\.side: run/);
  });
});

describe('completion of scripted programs', () => {
  const labels = (written: string): readonly string[] => completions(program(written)).map(({ label }) => label);
  for (const [written, expected] of [
    ['|', [...STATEMENT_NAMES]],
    ['sleep 3; |', [...STATEMENT_NAMES]],
    ['"sleep 3; r|"', [...STATEMENT_NAMES]],
    ['exec |', ['ok', 'fail', 'hang']],
    ['exec fail |', ['until']],
    ["'exec fail until |'", ['5s', '10s', '30s', '1m', '500ms']],
    ['exec fail until 3s |', ['then']],
    ['exec fail until 3s then |', ['ok', 'fail', 'hang']],
    ['tcp 80 |', ['open', 'closed']],
    ['>-\n      run;\n      grpc 90 |', ['serving', 'not-serving']],
    ['serve 80 /a |', ['200', '500', '503', '404', 'hang']],
    ['on-term exit 3 |', ['after']],
    ['image missing |', ['present', 'until', 'pull', 'size', 'user']],
    ['log |', []],
  ] as const) {
    it(`offers what fits at ${written.replaceAll('\n', ' ')}`, () => assert.deepEqual(labels(written), expected));
  }
  it('offers statements at the beginning of the next start', () => {
    const documents = new Documents(judge);
    const text = program('exit 1 | ');
    documents.change('a.yaml', text);
    const line = text.split('\n').findIndex((each) => each.includes('exit 1'));
    const offered = completeAt(documents, 'a.yaml', { line, character: text.split('\n')[line]?.length ?? 0 }, undefined);
    assert.deepEqual(
      offered.map(({ label }) => label),
      STATEMENT_NAMES,
    );
  });
  it('replaces the word that is being typed', () => {
    const found = completions(program('"sleep 3; ru|"')).find(({ label }) => label === 'run');
    assert.deepEqual([found?.range.start.character, found?.range.end.character], [39, 41]);
  });
  it('offers the annotation of each container that has none', () => {
    const offered = completions(pod('    kubepad.dev/program.app: run\n    |')).map(({ label }) => label);
    assert.deepEqual(offered, ['kubepad.dev/program.side', 'kubepad.dev/sandbox']);
  });
});

describe('hover over scripted programs', () => {
  it('tells the whole program over the annotation', () =>
    assert.equal(
      hover(pod('    kubepad.dev/pro|gram.app: sleep 3; exit 1'))?.markdown,
      'What the container **app** does:\n\n- each start: works for 3 s, ends with 1 (Error)',
    ));
  it('tells a statement and a word of it, at the range of the word', () => {
    const found = hover(program('"log \\"a\\"; exec fa|il until 6s then ok"'));
    assert.match(found?.markdown ?? '', /^`exec \(ok[\s\S]*`fail`: Commands print/);
    assert.deepEqual([found?.range.start.character, found?.range.end.character], [46, 50]);
  });
  it('tells what a sandbox with a text comes to', () =>
    assert.match(hover(pod('    kubepad.dev/sand|box: no network'))?.markdown ?? '', /FailedCreatePodSandBox/));
});

describe('the facts about statements', () => {
  it('name exactly the statements that the runtime reads', () => {
    for (const name of STATEMENT_NAMES) {
      const snippet = STATEMENTS[name].snippet.replaceAll(/\$\{\d+[:|]([^},|]*)[^}]*\}/g, '$1');
      assert.deepEqual(parseProgram(snippet).errors, [], snippet);
    }
    assert.equal(parseProgram('restart').errors.length, 1);
  });
  it('offer only words after which a statement can be ended well', () => {
    for (const name of STATEMENT_NAMES) {
      const left: (readonly string[])[] = [[]];
      for (let words = left.pop(); words !== undefined; words = left.pop()) {
        const next = nextWords(name, words);
        // Whatever is offered is never the word that an error is about.
        const text = [name, ...words].join(' ');
        const wrong = parseProgram(text).errors.filter(({ message }) => message.startsWith('unexpected'));
        assert.deepEqual(wrong, [], text);
        if (words.length < 4) left.push(...next.slice(0, 3).map((word) => [...words, word]));
      }
    }
  });
  it('tell all starts', () =>
    assert.equal(
      programText('oom; on-term ignore | start-error no such file | run; tcp 80 closed until 1m then open'),
      '- start 1: ends with 137 (OOMKilled); ignores SIGTERM\n- start 2: cannot be started: no such file\n- start 3 and later: runs until it is stopped; TCP :80: closed until 60 s, then open; ignores SIGTERM',
    ));
});

describe('places within a text', () => {
  for (const written of [
    'a plain text',
    'two\n  lines of it',
    "'it''s  quoted'",
    '"\\tan \\"escape\\" \\u00e9\\\n  end"',
    '>\n  folded\n  lines\n\n  and more\n',
    '|-\n  a block 😀\n    indented\n',
  ]) {
    it(`are found in ${JSON.stringify(written)}`, () => {
      const text = `k: ${written}`;
      const node = (parseDocument(text).get('k', true) as Scalar | undefined) ?? undefined;
      assert.ok(isScalar(node) && typeof node.value === 'string');
      const value: string = node.value;
      const offsets = sourceOffsets(text, node);
      assert.equal(offsets?.length, value.length + 1);
      for (let index = 0; index < value.length; index++) {
        const character: string = value.charAt(index);
        if (/[a-z]/.test(character)) assert.equal(text[offsets?.[index] ?? -1], character);
      }
    });
  }
});
