/** What is answered to a request. */
export interface Answer {
  readonly code: number;
  /** JSON; a string is the text of the metrics. */
  readonly body: object | string;
}

const mostWorkers = 10_000;

/** The answers that several requests share. */
export const answers = {
  accepted: { code: 202, body: { status: 'accepted' } },
  conflict: (error: string): Answer => ({ code: 409, body: { error } }),
  badBody: (error: string): Answer => ({ code: 400, body: { error } }),
  nothingThere: (path: string): Answer => ({
    code: 404,
    body: { error: `there is nothing at ${path}` },
  }),
  wrongMethod: (path: string, takes: string): Answer => ({
    code: 405,
    body: { error: `${path} takes ${takes}` },
  }),
  broken: (error: unknown): Answer => ({
    code: 500,
    body: { error: `this is an error of paceline: ${String(error)}` },
  }),
  readiness: (isReady: boolean): Answer =>
    isReady ? { code: 200, body: { status: 'ready' } } : { code: 503, body: { status: 'over' } },
} as const;

/** The number in `{"workers": N}`; undefined for anything else. */
export function readWorkers(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('workers' in body)) return undefined;
  const { workers } = body;
  if (typeof workers !== 'number' || !Number.isInteger(workers)) return undefined;
  return workers >= 0 && workers <= mostWorkers ? workers : undefined;
}
