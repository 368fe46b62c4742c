import { hostname } from 'node:os';

import { systemClock } from '@paceline/telemetry';
import { Command, InvalidArgumentError } from 'commander';
import { addFlags, flags, makeCertificates, repeated, wholeNumber } from 'paceline/programs';
import type { FlagDefinition, MadeCertificate } from 'paceline/programs';

interface CertsFlags {
  readonly host: readonly string[];
  readonly worker: readonly string[];
  readonly days: number;
}

const certsFlags: readonly FlagDefinition[] = [
  {
    flags: '--host <NAME>',
    description: 'a name or IP address under which workers reach the server; may be repeated',
    default: [],
    defaultText: 'localhost, 127.0.0.1, ::1 and the name of this machine',
    parse: repeated(parseHost),
  },
  {
    flags: '--worker <NAME>',
    description: 'also a client certificate for the worker of that name; may be repeated',
    default: [],
    defaultText: 'none',
    parse: repeated((text) => String(flags.name.parse?.(text, undefined as never))),
  },
  {
    flags: '--days <N>',
    description: 'how long they are good',
    default: 30,
    parse: wholeNumber(1),
  },
];

const examples = `
Examples:
  $ paceline certs
  $ paceline certs secrets --host trainer.example --host 10.0.0.5 --worker w1 --worker w2

For trying: the key of the authority lies beside the others. Where it matters, use certificates of your own authority.
`;

/** `paceline certs [DIR]`: a throw-away authority, and certificates of it. */
export function certsCommand(): Command {
  const command = new Command('certs')
    .summary('make certificates for trying TLS')
    .description(
      'Makes a throw-away authority and certificates for a server and for workers. An authority that is there already is ' +
        'used again; the other certificates are made anew.',
    )
    .argument('[DIR]', 'where to put them', 'certs')
    .addHelpText('after', examples);
  return addFlags(command, certsFlags).action((folder: string, options: CertsFlags) => {
    const { host, worker: workers, days } = options;
    const hosts = host.length > 0 ? host : ['localhost', '127.0.0.1', '::1', hostname()];
    const wallMs = systemClock().wallMs();
    const made = makeCertificates({ folder, hosts, workers, days, wallMs });
    process.stdout.write(`${certificateLines(made).join('\n')}\n`);
  });
}

/** What was made, and how it is used. */
function certificateLines(made: readonly MadeCertificate[]): readonly string[] {
  const of = (use: MadeCertificate['use']): MadeCertificate | undefined =>
    made.find((each) => each.use === use);
  const [authority, server, worker] = [of('authority'), of('server'), of('client')];
  const ca = authority?.certFile ?? '';
  const own = (files?: MadeCertificate): string =>
    files === undefined ? '' : ` --tls-cert ${files.certFile} --tls-key ${files.keyFile}`;
  const clientCa = worker === undefined ? '' : ` --tls-client-ca ${ca}`;
  return [
    ...made.map(({ certFile, isNew }) => `${isNew ? 'made' : 'kept'}  ${certFile}`),
    `paceline server ...${own(server)}${clientCa}`,
    `paceline worker wss://... --tls-ca ${ca}${own(worker)}`,
  ];
}

function parseHost(text: string): string {
  if (/^[\w.:-]{1,253}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a host name or an IP address.');
}
