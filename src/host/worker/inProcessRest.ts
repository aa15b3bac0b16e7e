import type { ApiServer } from '../../apiserver/apiServer.ts';
import { answerOf } from '../../kubectl/inProcess.ts';
import type { Rest } from '../../kubectl/rest.ts';

export interface InProcessOptions {
  readonly api: ApiServer;
  /** Brings the clock to the present, so that the request happens at the right virtual time. */
  readonly before: () => void;
  /** Puts the write on the disk and lets the cluster go on. The answer is given after it. */
  readonly after: () => void;
}

/** `answerOf` for a cluster whose clock goes by itself and that is kept on disk. */
export function createInProcessRest(options: InProcessOptions): Rest {
  return {
    request: (request) => {
      options.before();
      const answer = answerOf(options.api, request);
      if (request.method !== 'GET') options.after();
      return Promise.resolve(answer);
    },
  };
}
