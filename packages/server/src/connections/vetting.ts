import type { Bucket } from '@paceline/math';
import { noticeLimits } from '@paceline/protocol';
import type { MessageOf, WorkerMessage } from '@paceline/protocol';
import type { Member } from '../membership/members.ts';
import type { Objection } from './refusals.ts';
import type { RunState } from '../run/state.ts';
import { vetLayout } from './vet-layout.ts';

/** Longest name, host and reason: they stand in events, logs and the status. */
const mostCharacters = 256;

/**
 * Holds a well-formed message against the run, before anything of it becomes an input: whether this connection may say
 * it now, and whether it speaks of tensors, buckets and nodes that there are. Pure; undefined when nothing is wrong.
 */
export function vetMessage(
  state: RunState,
  o: {
    readonly connection: number;
    readonly message: WorkerMessage;
    /** What a layout may ask for. */
    readonly memoryBytes: number;
  },
): Objection | undefined {
  const { message } = o;
  const member = state.members.get(o.connection);
  if (member === undefined) return vetStranger(message);
  switch (message.kind) {
    case 'hello':
      return outOfTurn('said hello twice');
    case 'layout':
      if (member.stage !== 'preparing') return outOfTurn('sent its layout twice');
      return vetNotices(message.notices ?? []) ?? vetLayout(message, state, o.memoryBytes);
    case 'initial':
      return vetInitial(state, member, message);
    case 'node':
    case 'evaluated':
      return vetNode(state, member, message);
    case 'goodbye':
      return vetText('goodbye.reason', message.reason);
    case 'heartbeat':
    case 'fault':
      return undefined;
  }
}

function vetStranger(message: WorkerMessage): Objection | undefined {
  if (message.kind !== 'hello') {
    return { reason: 'no-hello', words: `said ${message.kind} before hello` };
  }
  const texts = [message.name, message.host, message.session ?? '', ...(message.backends ?? [])];
  return texts.map((text) => vetText('hello', text)).find((objection) => objection !== undefined);
}

/** They are shown to people, each once. */
function vetNotices(notices: readonly string[]): Objection | undefined {
  const { most, characters } = noticeLimits;
  if (notices.length > most) {
    return { reason: 'bad-field', words: `layout.notices: more than ${String(most)}` };
  }
  return notices
    .map((text) => vetText('layout.notices', text, characters))
    .find((objection) => objection !== undefined);
}

/** Names go to terminals and into files: no line breaks, no escape sequences. */
function vetText(where: string, text: string, most = mostCharacters): Objection | undefined {
  if (text.length <= most && !/\p{Cc}/u.test(text)) return undefined;
  const words = `${where}: a text has at most ${String(most)} characters and none that control a terminal`;
  return { reason: 'bad-field', words };
}

function vetInitial(
  state: RunState,
  member: Member,
  { bucket, length }: MessageOf<'initial'>,
): Objection | undefined {
  if (member.stage === 'preparing') return outOfTurn('sent initial weights before its layout');
  const place = bucketsOf(state)[bucket];
  if (place === undefined || place.section === 'scalars') {
    return elsewhere(`sent initial weights for bucket ${String(bucket)}, which has none`);
  }
  return vetLength(place, length);
}

function vetNode(
  state: RunState,
  member: Member,
  message: MessageOf<'node' | 'evaluated'>,
): Objection | undefined {
  if (member.stage !== 'active') return outOfTurn(`sent ${message.kind} before it had parameters`);
  const { index, version, kind } =
    message.kind === 'node'
      ? { index: message.bucket, version: message.step, kind: 'step' }
      : { index: 0, version: message.version, kind: 'evaluation' };
  const bucket = bucketsOf(state)[index];
  if (bucket === undefined || bucket.section === 'frozen') {
    return elsewhere(`sent a sum for bucket ${String(index)}, which has none`);
  }
  const { round } = state;
  if (round?.version === version && round.kind === kind && !isInTree(round.tree, message)) {
    const node = `(level ${String(message.level)}, index ${String(message.index)})`;
    return elsewhere(`sent tree node ${node}, which this round does not have`);
  }
  return vetLength(bucket, message.length);
}

function isInTree(
  tree: NonNullable<RunState['round']>['tree'],
  { level, index }: { readonly level: number; readonly index: number },
): boolean {
  if (level > tree.root.level || index > (tree.leaves - 1) >> level) return false;
  return !tree.isEmpty({ level, index });
}

function vetLength({ index, length }: Bucket, found: number): Objection | undefined {
  if (found === length) return undefined;
  return elsewhere(
    `sent ${String(found)} numbers for bucket ${String(index)}, which has ${String(length)}`,
  );
}

/** None before the first layout. */
function bucketsOf({ shape }: RunState): readonly Bucket[] {
  return shape?.buckets ?? [];
}

function outOfTurn(words: string): Objection {
  return { reason: 'out-of-turn', words };
}

function elsewhere(words: string): Objection {
  return { reason: 'no-such-place', words };
}
