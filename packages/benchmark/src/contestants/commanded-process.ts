import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a peer answers: one JSON object a line. */
export type Answer = Readonly<Record<string, unknown>>;

/** A process that waits for a line and answers with one: how peers are told to train for a block. */
export interface CommandedProcess extends AsyncDisposable {
  readonly pid: number;
  /** Sends a line and gives the answer; an empty line is none, and waits for what the process says by itself. */
  ask(line: string): Promise<Answer>;
}

const lastLinesKept = 20;

/** Starts one. Its standard error is kept for the error message. */
export function startCommanded(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): CommandedProcess {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  return new Commanded(child, command);
}

class Commanded implements CommandedProcess {
  private readonly child: ChildProcess;
  private readonly command: string;
  private readonly answers: Answer[] = [];
  private readonly words: string[] = [];
  private waiting: PromiseWithResolvers<Answer> | undefined;
  private end: string | undefined;

  constructor(child: ChildProcess, command: string) {
    this.child = child;
    this.command = command;
    if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
    createInterface({ input: child.stdout }).on('line', this.take);
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.words.push(line);
      if (this.words.length > lastLinesKept) this.words.shift();
    });
    child.stdin?.on('error', () => undefined); // it is gone; `exit` says so
    child.once('error', ({ message }) => this.fail(message));
    child.once('close', (code, signal) => this.fail(`ended with ${String(code ?? signal)}`));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  ask(line: string): Promise<Answer> {
    const early = this.answers.shift();
    if (line !== '') this.child.stdin?.write(`${line}\n`);
    if (early !== undefined) return Promise.resolve(early);
    if (this.end !== undefined) return Promise.reject(this.error(this.end));
    this.waiting = Promise.withResolvers();
    return this.waiting.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.end !== undefined) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin?.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }

  private readonly take = (line: string): void => {
    if (!line.startsWith('{')) return; // some library's own words
    const answer = JSON.parse(line) as Answer;
    if (this.waiting === undefined) this.answers.push(answer);
    else this.waiting.resolve(answer);
    this.waiting = undefined;
  };

  private fail(reason: string): void {
    this.end ??= reason;
    this.waiting?.reject(this.error(this.end));
    this.waiting = undefined;
  }

  private error(reason: string): Error {
    return new Error([`${this.command}: ${reason}`, ...this.words].join('\n'));
  }
}
