import type { MessageOf, ServerMessage } from '@paceline/protocol';
import { encodeTensorMessage, peekTensor, protocolVersion } from '@paceline/protocol';
import type { Clock, Logger, Timeline } from '@paceline/telemetry';
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
  readonly timeline: Timeline;
  readonly logger: Logger;
}

/** The one place of the communication thread that acts. */
export interface WorkerExecutor {
  dispatch(input: WorkerInput): void;
  receiveMessage(message: ServerMessage): void;
  receiveReply(reply: ComputeReply): void;
  /** Where a frame that starts so is to be read to; undefined: anywhere. */
  landing(bytes: number, head: Uint8Array): Uint8Array | undefined;
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
  return new Executor(initial, identity, ports);
}

class Executor implements WorkerExecutor {
  state: WorkerState;
  private readonly identity: WorkerIdentity;
  private readonly ports: ExecutorPorts;
  private readonly inputs: WorkerInput[] = [];
  private readonly queue: SendQueue;
  private isBusy = false;
  private reportedUnsent = 0;
  private welcome: MessageOf<'welcome'> | undefined;
  private prepared: Prepared | undefined;

  constructor(initial: WorkerState, identity: WorkerIdentity, ports: ExecutorPorts) {
    this.state = initial;
    this.identity = identity;
    this.ports = ports;
    this.queue = createSendQueue(ports.link.sendFrame, (frames) => {
      if (frames === this.reportedUnsent) return;
      this.reportedUnsent = frames;
      this.dispatch({ kind: 'unsent', frames });
    });
  }

  dispatch(input: WorkerInput): void {
    this.inputs.push(input);
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let next = this.inputs.shift(); next !== undefined; next = this.inputs.shift()) {
        const decision = transition(this.state, next, this.ports.clock.now());
        this.state = decision.state;
        for (const effect of decision.effects) this.perform(effect);
      }
    } finally {
      this.isBusy = false;
    }
  }

  receiveMessage(message: ServerMessage): void {
    switch (message.kind) {
      case 'parameters':
      case 'snapshot':
        if (this.prepared === undefined) return;
        return this.takeParameters(message, this.prepared);
      case 'average':
        return this.takeAverage(message);
      case 'credit':
        return this.queue.credit(message.bytes);
      case 'welcome':
        this.welcome = message;
        this.queue.reset(message.limits.creditBytes);
        return this.dispatch({ kind: 'message', message });
      default:
        return this.dispatch({ kind: 'message', message });
    }
  }

  receiveReply(reply: ComputeReply): void {
    switch (reply.kind) {
      case 'prepared':
        for (const notice of reply.notices) this.ports.logger.info({}, notice);
        return this.takePrepared(reply.layout);
      case 'initial':
        return this.sendInitial();
      case 'buckets':
        return this.takeBuckets(reply);
      case 'gradient':
        return this.takeGradient(reply);
      case 'evaluated':
        this.prepared?.table.addScalars(reply.task, reply.leaf, reply.scalars);
        return this.finishLeaf(reply);
      case 'failed':
      case 'leave':
        return this.dispatch(reply);
    }
  }

  landing(bytes: number, head: Uint8Array): Uint8Array | undefined {
    const found = peekTensor(head);
    const { parameters, average } = this.prepared?.workspace ?? {};
    return found && (parameters?.landing(found, bytes) ?? average?.landing(found, bytes));
  }

  private perform(effect: WorkerEffect): void {
    const { link, order, logger, onExit } = this.ports;
    switch (effect.kind) {
      case 'connect':
        return link.connect(effect.delayMs);
      case 'hello':
        return this.sayHello(effect.session);
      case 'prepare':
        return order({ kind: 'prepare', welcome: effect.welcome });
      case 'send-layout':
        if (this.prepared !== undefined) link.send({ kind: 'layout', ...this.prepared.facts });
        return;
      case 'send-initial':
        return order({ kind: 'initial' });
      case 'compute':
        return this.orderLeaf(effect);
      case 'drop-tasks':
        for (const task of effect.tasks) this.prepared?.table.drop(task);
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
        return onExit(effect.code, effect.message);
    }
  }

  private sayHello(session: string | undefined): void {
    this.prepared?.workspace.gradients.settleAll();
    this.prepared?.workspace.scalars.settleAll();
    this.prepared?.workspace.parameters.forget();
    this.prepared?.workspace.average?.forget();
    const known = session === undefined ? {} : { session };
    this.ports.link.send({ kind: 'hello', protocol: protocolVersion, ...this.identity, ...known });
  }

  private orderLeaf({ task, leaf }: Extract<WorkerEffect, { kind: 'compute' }>): void {
    if (this.prepared === undefined) return;
    const { table, workspace } = this.prepared;
    table.open(task);
    workspace.parameters.hold(task.version);
    const place = { task: task.id, leaf, version: task.version };
    if (task.kind === 'evaluation') {
      workspace.average?.hold(task.version);
      return this.ports.order({ kind: 'evaluate', ...place });
    }
    this.ports.order({ kind: 'gradient', ...place, pointer: workspace.gradients.take() });
  }

  private takeParameters(
    { bucket, version, payload }: Pick<MessageOf<'parameters'>, 'bucket' | 'version' | 'payload'>,
    { workspace }: Prepared,
  ): void {
    const { timeline } = this.ports;
    const since = timeline.now();
    const written = workspace.parameters.write(bucket, version, payload);
    timeline.span('pull', since);
    this.announce(written);
  }

  private takeAverage({ bucket, version, payload }: MessageOf<'average'>): void {
    const written = this.prepared?.workspace.average?.write(bucket, version, payload) ?? [];
    this.announce(written, 'averaged');
  }

  private takeBuckets(reply: Extract<ComputeReply, { kind: 'buckets' }>): void {
    const { timeline } = this.ports;
    const since = timeline.now();
    this.prepared?.table.addBuckets(reply.task, reply.leaf, reply.pointer, reply.buckets);
    timeline.span('push', since);
  }

  private takeGradient(reply: Extract<ComputeReply, { kind: 'gradient' }>): void {
    const { timeline } = this.ports;
    const since = timeline.now();
    this.prepared?.table.add(reply.task, reply.leaf, reply.pointer);
    timeline.span('push', since);
    this.finishLeaf(reply, reply.micros);
  }

  private announce(
    written: readonly WrittenBucket[],
    kind: 'received' | 'averaged' = 'received',
  ): void {
    for (const { bucket, version } of written) this.dispatch({ kind, bucket, version });
  }

  private takePrepared(facts: LayoutFacts): void {
    if (this.welcome === undefined) return;
    const workspace = createWorkspace(facts, this.welcome.settings);
    const table = createTaskTable(workspace, this.queue, {
      term: () => this.welcome?.term ?? 0,
      needsChecksum: this.ports.link.needsChecksum,
    });
    this.prepared = { facts, workspace, table };
    const [average] = workspace.average?.vectors ?? [];
    const areas = {
      memory: workspace.arena.memory,
      parameters: workspace.parameters.vectors,
      ...(average === undefined ? {} : { average }),
    };
    this.ports.order({ kind: 'attach', areas });
    this.dispatch({ kind: 'prepared', shape: workspace });
  }

  private finishLeaf(
    reply: Extract<ComputeReply, { kind: 'gradient' | 'evaluated' }>,
    micros?: number,
  ): void {
    const { task, leaf } = reply;
    this.dispatch({ kind: 'computed', task, leaf, ...(micros === undefined ? {} : { micros }) });
    const { parameters, average } = this.prepared?.workspace ?? {};
    this.announce(parameters?.release(reply.version) ?? []);
    if (reply.kind !== 'evaluated' || average === undefined) return;
    this.announce(average.release(reply.version), 'averaged');
  }

  private sendInitial(): void {
    if (this.prepared === undefined) return;
    const { parameters, parameterBuckets } = this.prepared.workspace;
    for (const bucket of parameterBuckets) {
      const bytes = parameters.bytes(bucket, 0);
      const header = { kind: 'initial', bucket, dtype: 'f32', length: bytes.length / 4 } as const;
      const checksum = this.ports.link.needsChecksum();
      this.ports.link.sendFrame(encodeTensorMessage(header, bytes, { checksum }));
    }
  }
}
