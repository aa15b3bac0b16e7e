/**
 * `npm run generate`: makes everything in the source that is derived from the recorded facts of the API server
 * (src/api/schema/facts). Run it after the facts change; the result is committed.
 */
import { generateDocumentation } from './documentation.ts';
import { generateResources } from './resources.ts';
import { generateTypes } from './types.ts';

generateTypes();
generateResources();
generateDocumentation();
