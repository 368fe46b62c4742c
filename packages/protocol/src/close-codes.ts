/** Why one side ended a connection: what it means, what to do, and whether to come back by itself. */
export interface CloseCode {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
  readonly fix: string;
  /** Whether the other side should connect again without being told to. */
  readonly reconnect: boolean;
}

/**
 * The close codes of the protocol (4000 to 4999 are free for applications, RFC 6455, 7.4.2). 1006 never
 * travels: it is what the end of a connection without a close message looks like.
 */
export const closeCodes = [
  {
    code: 4000,
    name: 'bad-hello',
    meaning: 'the first message was not a valid hello, or did not come in time',
    fix: 'connect with a paceline worker of the same version',
    reconnect: false,
  },
  {
    code: 4001,
    name: 'unauthorized',
    meaning: 'the token is missing, wrong, or not for workers',
    fix: "give the worker the server's token for workers: --token-file or PACELINE_TOKEN",
    reconnect: false,
  },
  {
    code: 4002,
    name: 'version-skew',
    meaning: 'the two sides speak different versions of the protocol',
    fix: 'install the same version of paceline on both sides',
    reconnect: false,
  },
  {
    code: 4003,
    name: 'protocol-error',
    meaning: 'a message broke the protocol; the reason says which and how',
    fix: 'report it: two processes of one version do not do this',
    reconnect: true,
  },
  {
    code: 4004,
    name: 'too-large',
    meaning: 'a message was larger than the limits of the run allow',
    fix: 'raise bucketBytes only in the job of the server: workers take it from there',
    reconnect: false,
  },
  {
    code: 4005,
    name: 'fenced',
    meaning: 'a newer connection took over this name or session',
    fix: 'give each worker a name of its own',
    reconnect: false,
  },
  {
    code: 4006,
    name: 'quarantined',
    meaning: 'this worker sent wrong results or broken messages too often',
    fix: 'check the memory and the processor of its machine, then start it under a new name',
    reconnect: false,
  },
  {
    code: 4007,
    name: 'refused',
    meaning:
      'the model, data, settings or machine differ from those of the run; the reason says where',
    fix: 'give server and worker the same job and the same backend',
    reconnect: false,
  },
  {
    code: 4008,
    name: 'finished',
    meaning: 'the run is over',
    fix: 'nothing: this is a good end',
    reconnect: false,
  },
  {
    code: 4009,
    name: 'shutting-down',
    meaning: 'the server was asked to end before the run was over',
    fix: 'start it again on the same checkpoints: the run goes on',
    reconnect: true,
  },
  {
    code: 4010,
    name: 'silent',
    meaning: 'no byte came for longer than the limits of the run allow',
    fix: 'check the network between the two machines, and whether the process was stopped',
    reconnect: true,
  },
  {
    code: 4011,
    name: 'going-away',
    meaning: 'the worker leaves on purpose',
    fix: 'nothing: others take over its work',
    reconnect: false,
  },
  {
    code: 4012,
    name: 'revoked',
    meaning: 'the token that this connection came with is no longer one of the server',
    fix: 'put a new one into the token file of the worker: it is read with every connection',
    reconnect: true,
  },
] as const;

/** Name of a close code, for example `fenced`. */
export type CloseName = (typeof closeCodes)[number]['name'];

/** The number that travels for a name. */
export function closeCodeOf(name: CloseName): number {
  const row = closeCodes.find((each) => each.name === name);
  if (!row) throw new TypeError(`no close code is called ${name}`);
  return row.code;
}

/**
 * The row of a code that arrived. Codes that are not ours (1006 for a lost connection, 1001, ...) have
 * none: treat them as worth a reconnect.
 */
export function closeCodeRow(code: number): CloseCode | undefined {
  return closeCodes.find((each) => each.code === code);
}
