import { request } from 'node:http';

const answerMs = 10_000;

/**
 * Asks the server of a run of this process over its Unix socket. A server that is not there has crashed: it is started again,
 * and says anew where the run stands; so that is no error.
 */
export async function askRun(url: string, what: 'resume' | 'checkpoint'): Promise<void> {
  const [, socketPath] = /^ws\+unix:\/\/(\/[^:]+)/.exec(url) ?? [];
  if (socketPath === undefined) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const asking = request(
    { socketPath: decodeURI(socketPath), path: `/control/${what}`, method: 'POST', agent: false },
    (response) => {
      response.resume();
      response.on('close', () => {
        resolve(undefined);
      });
    },
  );
  asking.setTimeout(answerMs, () => asking.destroy());
  asking.on('error', () => {
    resolve(undefined);
  });
  asking.end();
  await promise;
}
