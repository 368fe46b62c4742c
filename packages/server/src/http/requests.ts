import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the HTTP side of a server can see and do. */
export interface HttpActions {
  readonly status: () => object;
  /** Whether workers can be served. */
  readonly isReady: () => boolean;
  /** Whether there was a hold to pass. */
  readonly resume: () => boolean;
  readonly stop: () => void;
}

interface Answer {
  readonly code: number;
  readonly body: object;
}

/**
 * The HTTP side of the lead server: `GET /status.json`, `/healthz` (the process lives), `/readyz` (workers are taken),
 * `POST /control/resume`, `/control/stop`. Everything is JSON.
 */
export function createRequestHandler(
  actions: HttpActions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    request.resume();
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const { code, body } = answer(actions, request.method ?? 'GET', path);
    const text = JSON.stringify(body);
    response.writeHead(code, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(text);
  };
}

function answer(actions: HttpActions, method: string, path: string): Answer {
  const reads: Readonly<Record<string, () => Answer>> = {
    '/status.json': () => ({ code: 200, body: actions.status() }),
    '/healthz': () => ({ code: 200, body: { status: 'alive' } }),
    '/readyz': () => readiness(actions.isReady()),
  };
  const controls: Readonly<Record<string, () => Answer>> = {
    '/control/resume': () => (actions.resume() ? accepted : conflict('the run is not holding')),
    '/control/stop': () => {
      actions.stop();
      return accepted;
    },
  };
  const isKnown = Object.hasOwn(reads, path) || Object.hasOwn(controls, path);
  if (!isKnown) return { code: 404, body: { error: `there is nothing at ${path}` } };
  const read = Object.hasOwn(reads, path) ? reads[path] : undefined;
  if (read !== undefined && (method === 'GET' || method === 'HEAD')) return read();
  const control = Object.hasOwn(controls, path) ? controls[path] : undefined;
  if (control === undefined || method !== 'POST') {
    const allowed = control === undefined ? 'GET' : 'POST';
    return { code: 405, body: { error: `${path} takes ${allowed}, not ${method}` } };
  }
  return control();
}

const accepted: Answer = { code: 202, body: { status: 'accepted' } };

function conflict(error: string): Answer {
  return { code: 409, body: { error } };
}

function readiness(isReady: boolean): Answer {
  return isReady
    ? { code: 200, body: { status: 'ready' } }
    : { code: 503, body: { status: 'over' } };
}
