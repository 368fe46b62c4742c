import type { IncomingMessage, ServerResponse } from 'node:http';
import { expositionType } from '@paceline/telemetry';
import type { Answer } from './answers.ts';
import { answers, readWorkers } from './answers.ts';
import type { StatusReport } from '../options.ts';
import { readJson } from './body.ts';

/** What the HTTP side of a server can see and do. */
export interface HttpActions {
  readonly status: () => StatusReport;
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
  /** Whether workers can be served. */
  readonly isReady: () => boolean;
  /** Whether there was a hold to pass. */
  readonly resume: () => boolean;
  readonly pause: () => void;
  /** Whether checkpoints are kept, and there is something to write. */
  readonly checkpoint: () => boolean;
  readonly scale: (workers: number) => void;
  readonly stop: () => void;
}

/**
 * The HTTP side of the lead server: `GET /status.json`, `/metrics`, `/healthz` (the process lives), `/readyz` (workers are taken),
 * `POST /control/{pause,resume,checkpoint,scale,stop}`. Everything is JSON but the metrics, which are Prometheus's.
 */
export function createRequestHandler(
  actions: HttpActions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    void answer(actions, request, path)
      .catch(answers.broken)
      .then(({ code, body }) => {
        const isText = typeof body === 'string';
        response.writeHead(code, {
          'content-type': isText ? expositionType : 'application/json; charset=utf-8',
          'cache-control': 'no-store',
        });
        response.end(isText ? body : JSON.stringify(body));
      });
  };
}

async function answer(
  actions: HttpActions,
  request: IncomingMessage,
  path: string,
): Promise<Answer> {
  const method = request.method ?? 'GET';
  const read = Object.hasOwn(reads, path) ? reads[path] : undefined;
  const control = Object.hasOwn(controls, path) ? controls[path] : undefined;
  if (control === undefined || method !== 'POST') request.resume();
  if (read !== undefined) {
    return method === 'GET' || method === 'HEAD' ? read(actions) : answers.wrongMethod(path, 'GET');
  }
  if (control === undefined) return answers.nothingThere(path);
  if (method !== 'POST') return answers.wrongMethod(path, 'POST');
  const body = await readJson(request);
  return body.kind === 'error' ? answers.badBody(body.words) : control(actions, body.value);
}

const reads: Readonly<Record<string, (actions: HttpActions) => Answer | Promise<Answer>>> = {
  '/status.json': (actions) => ({ code: 200, body: actions.status() }),
  '/metrics': async (actions) => ({ code: 200, body: await actions.metrics() }),
  '/healthz': () => ({ code: 200, body: { status: 'alive' } }),
  '/readyz': (actions) => answers.readiness(actions.isReady()),
};

const controls: Readonly<Record<string, (actions: HttpActions, body: unknown) => Answer>> = {
  '/control/pause': (actions) => {
    actions.pause();
    return answers.accepted;
  },
  '/control/resume': (actions) =>
    actions.resume() ? answers.accepted : answers.conflict('the run is not holding'),
  '/control/checkpoint': (actions) =>
    actions.checkpoint()
      ? answers.accepted
      : answers.conflict(
          'there is nothing to write a checkpoint of, or no folder for it (--out, --checkpoints)',
        ),
  '/control/scale': (actions, body) => {
    const workers = readWorkers(body);
    if (workers === undefined) {
      return answers.badBody('{"workers": N} is needed, with a whole number N from 0 to 10,000');
    }
    actions.scale(workers);
    return answers.accepted;
  },
  '/control/stop': (actions) => {
    actions.stop();
    return answers.accepted;
  },
};
