import { isScalar } from 'yaml';
import { PROGRAM_ANNOTATION, SANDBOX_ANNOTATION } from '../../runtime/programs/grammar.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { pathAt } from '../locate.ts';
import type { Hover } from '../model.ts';
import { programText } from './programText.ts';
import { sourceOffsets } from './sourceMap.ts';
import { isStatement, STATEMENTS, WORDS } from './statements.ts';
import { statementsOf, type Word } from './words.ts';

/** What a scripted program means: over its annotation the whole of it, over a word that one's part. */
export function programHover(document: YamlDocument, offset: number): Hover | undefined {
  const cursor = pathAt(document, offset);
  const key = String(cursor.path.segments().at(-1)?.segment ?? '');
  const range = cursor.range;
  if (range === undefined || !isAnnotation(cursor.path.toString())) return undefined;
  if (key === SANDBOX_ANNOTATION) return { range, markdown: SANDBOX };
  const text = isScalar(cursor.node) && typeof cursor.node.value === 'string' ? cursor.node.value : undefined;
  if (!key.startsWith(PROGRAM_ANNOTATION) || text === undefined) return undefined;
  if (cursor.on === 'value' && isScalar(cursor.node)) {
    const offsets = sourceOffsets(document.text, cursor.node) ?? [];
    const found = wordAt(text, offsets, offset);
    if (found !== undefined) {
      const start = offsets[found.word.start] ?? offset;
      const last = offsets[found.word.end - 1] ?? offset;
      return { range: document.lines.range(start, last + 1), markdown: found.markdown };
    }
  }
  const name = key.slice(PROGRAM_ANNOTATION.length);
  return { range, markdown: `What the container **${name}** does:\n\n${programText(text)}` };
}

const SANDBOX = 'The sandbox of the Pod cannot be made, with this text: the Pod stays in ContainerCreating (FailedCreatePodSandBox).';

function isAnnotation(path: string): boolean {
  return path.includes('metadata.annotations');
}

function wordAt(text: string, offsets: readonly number[], offset: number): { readonly word: Word; readonly markdown: string } | undefined {
  for (const { words } of statementsOf(text)) {
    const keyword = words[0]?.text ?? '';
    const word = words.find(({ start, end }) => (offsets[start] ?? Infinity) <= offset && offset <= (offsets[end - 1] ?? -1) + 1);
    if (word === undefined || !isStatement(keyword)) continue;
    const { form, meaning } = STATEMENTS[keyword];
    const own = word === words[0] ? undefined : WORDS.get(word.text);
    return { word, markdown: [`\`${form}\``, meaning, ...(own === undefined ? [] : [`\`${word.text}\`: ${own}`])].join('\n\n') };
  }
  return undefined;
}
