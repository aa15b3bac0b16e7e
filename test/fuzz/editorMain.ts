// `npm run fuzz:editor [-- --stride 1] [-- --edits 20] [-- --seed N]`: all that was accepted, in all styles, and random edits.
import { parseArgs } from 'node:util';
import { acceptedObjects, createFuzzEditor, falseErrors, fuzzEditor } from './editor.ts';

const { values } = parseArgs({
  options: {
    stride: { type: 'string', default: '1' },
    edits: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const objects = acceptedObjects().filter((_object, index) => index % Number(values.stride) === 0);
const editor = createFuzzEditor();
const found = [...falseErrors(editor, objects), ...fuzzEditor(editor, objects, { edits: Number(values.edits), seed: Number(values.seed) })];
for (const problem of found.slice(0, 50)) console.log(problem);
console.log(`${objects.length} objects: ${found.length === 0 ? 'no problem' : `${found.length} problems`}`);
process.exitCode = found.length === 0 ? 0 : 1;
