import type { JobSettings, MessageOf, ServerMessage } from '@paceline/protocol';
import { encodeTensorMessage, protocolVersion } from '@paceline/protocol';
import type { Clock, Logger } from '@paceline/telemetry';
import type { ComputeOrder, ComputeReply, LayoutFacts } from '../compute/orders.ts';
import type { WorkerEffect } from '../lifecycle/effects.ts';
import type { WorkerInput } from '../lifecycle/inputs.ts';
import type { WorkerState } from '../lifecycle/state.ts';
import { transition } from '../lifecycle/transition.ts';
import type { Link } from './link.ts';
import type { WrittenBucket } from './parameter-areas.ts';
import type { SendQueue } from './send-queue.ts';
import { createSendQueue } from './send-queue.ts';
import type { TaskTable } from './task-table.ts';
import { createTaskTable } from './task-table.ts';
import type { Workspace } from './workspace.ts';
import { createWorkspace } from './workspace.ts';

/** Who this worker is, as it says hello. */
export interface WorkerIdentity {
  readonly name: string;
  readonly pid: number;
  readonly host: string;
}

/** The doors of the executor. */
export interface ExecutorPorts {
  readonly link: Link;
  readonly order: (order: ComputeOrder) => void;
  readonly onExit: (code: number, message: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The one place of the communication thread that acts. */
export interface WorkerExecutor {
  dispatch(input: WorkerInput): void;
  receiveMessage(message: ServerMessage): void;
  receiveReply(reply: ComputeReply): void;
  readonly state: WorkerState;
}

interface Prepared {
  readonly facts: LayoutFacts;
  readonly workspace: Workspace;
  readonly table: TaskTable;
}

/** Builds the executor around an initial state. */
export function createWorkerExecutor(
  initial: WorkerState,
  identity: WorkerIdentity,
  ports: ExecutorPorts,
): WorkerExecutor {
  const { link, logger, clock } = ports;
  const inputs: WorkerInput[] = [];
  let state = initial;
  let isBusy = false;
  let welcome: MessageOf<'welcome'> | undefined;
  let settings: JobSettings | undefined;
  let prepared: Prepared | undefined;
  let reportedUnsent = 0;
  const queue: SendQueue = createSendQueue(link.sendFrame, (frames) => {
    if (frames === reportedUnsent) return;
    reportedUnsent = frames;
    dispatch({ kind: 'unsent', frames });
  });

  function dispatch(input: WorkerInput): void {
    inputs.push(input);
    if (isBusy) return;
    isBusy = true;
    try {
      for (let next = inputs.shift(); next !== undefined; next = inputs.shift()) {
        const decision = transition(state, next, clock.now());
        state = decision.state;
        decision.effects.forEach(perform);
      }
    } finally {
      isBusy = false;
    }
  }

  function perform(effect: WorkerEffect): void {
    switch (effect.kind) {
      case 'connect':
        return link.connect(effect.delayMs);
      case 'hello':
        return sayHello(effect.session);
      case 'prepare':
        return ports.order({ kind: 'prepare', welcome: effect.welcome });
      case 'send-layout':
        if (prepared !== undefined) link.send({ kind: 'layout', ...prepared.facts });
        return;
      case 'send-initial':
        return ports.order({ kind: 'initial' });
      case 'compute':
        return orderLeaf(effect);
      case 'drop-tasks':
        for (const task of effect.tasks) prepared?.table.drop(task);
        return;
      case 'goodbye':
        return link.send({ kind: 'goodbye', reason: effect.reason });
      case 'fault':
        return link.send({ kind: 'fault', code: 'failed', message: effect.message, log: '' });
      case 'hang-up':
        return link.hangUp(effect.reason);
      case 'log':
        return logger[effect.level]({}, effect.text);
      case 'exit':
        return ports.onExit(effect.code, effect.message);
    }
  }

  function sayHello(session: string | undefined): void {
    prepared?.workspace.gradients.settleAll();
    prepared?.workspace.scalars.settleAll();
    prepared?.workspace.parameters.forget();
    const known = session === undefined ? {} : { session };
    link.send({ kind: 'hello', protocol: protocolVersion, ...identity, ...known });
  }

  function orderLeaf({ task, leaf }: Extract<WorkerEffect, { kind: 'compute' }>): void {
    if (prepared === undefined) return;
    const { table, workspace } = prepared;
    table.open(task);
    workspace.parameters.hold(task.version);
    const order = { task: task.id, leaf, version: task.version };
    if (task.kind === 'evaluation') return ports.order({ kind: 'evaluate', ...order });
    ports.order({ kind: 'gradient', ...order, pointer: workspace.gradients.take() });
  }

  function receiveMessage(message: ServerMessage): void {
    switch (message.kind) {
      case 'parameters':
      case 'snapshot':
        if (prepared === undefined) return;
        return announce(
          prepared.workspace.parameters.write(message.bucket, message.version, message.payload),
        );
      case 'credit':
        return queue.credit(message.bytes);
      case 'welcome':
        welcome = message;
        settings = message.settings;
        queue.reset(message.limits.creditBytes);
        return dispatch({ kind: 'message', message });
      default:
        return dispatch({ kind: 'message', message });
    }
  }

  function announce(written: readonly WrittenBucket[]): void {
    for (const { bucket, version } of written) dispatch({ kind: 'received', bucket, version });
  }

  function receiveReply(reply: ComputeReply): void {
    switch (reply.kind) {
      case 'prepared':
        for (const notice of reply.notices) logger.info({}, notice);
        return takePrepared(reply.layout);
      case 'initial':
        return sendInitial();
      case 'gradient':
        prepared?.table.add(reply.task, reply.leaf, reply.pointer);
        return finishLeaf(reply);
      case 'evaluated':
        prepared?.table.addScalars(reply.task, reply.leaf, reply.scalars);
        return finishLeaf(reply);
      case 'failed':
        return dispatch(reply);
      case 'leave':
        return dispatch(reply);
    }
  }

  function takePrepared(facts: LayoutFacts): void {
    if (settings === undefined) return;
    const workspace = createWorkspace(facts, settings);
    const table = createTaskTable(workspace, queue, { term: () => welcome?.term ?? 0 });
    prepared = { facts, workspace, table };
    const areas = { memory: workspace.arena.memory, parameters: workspace.parameters.buffers };
    ports.order({ kind: 'attach', areas });
    dispatch({ kind: 'prepared', shape: workspace });
  }

  function finishLeaf(reply: Extract<ComputeReply, { kind: 'gradient' | 'evaluated' }>): void {
    dispatch({ kind: 'computed', task: reply.task, leaf: reply.leaf });
    announce(prepared?.workspace.parameters.release(reply.version) ?? []);
  }

  function sendInitial(): void {
    if (prepared === undefined) return;
    const { parameters, parameterBuckets } = prepared.workspace;
    for (const bucket of parameterBuckets) {
      const bytes = parameters.bytes(bucket, 0);
      const header = { kind: 'initial', bucket, dtype: 'f32', length: bytes.length / 4 } as const;
      link.sendFrame(encodeTensorMessage(header, bytes));
    }
  }

  return {
    dispatch,
    receiveMessage,
    receiveReply,
    get state() {
      return state;
    },
  };
}
