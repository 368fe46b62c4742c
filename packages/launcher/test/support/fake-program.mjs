// Stands for the real programs: `server ...` tells events on stdout, `worker URL ...` does what its name says.
import { appendFileSync } from 'node:fs';

const [role, first, ...rest] = process.argv.slice(2);
const journal = process.env.FAKE_JOURNAL;
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const note = (text) => {
  if (journal) appendFileSync(journal, `${text}\n`);
};
const stay = () => setInterval(() => undefined, 1000);

if (role === 'server') {
  note(`server ${process.pid}`);
  if (first === 'broken') {
    process.stderr.write('error: the job is broken\n');
    process.exit(2);
  }
  process.stdout.write('a job file that prints\n');
  tell({ type: 'server', event: 'started', shard: 0, pid: process.pid, url: 'ws://fake:1' });
  const end = (status, code) => {
    tell({ type: 'end', status, steps: 1 });
    process.exit(code);
  };
  if (first !== 'stubborn') process.on('SIGTERM', () => end('interrupted', 143));
  else process.on('SIGTERM', () => note('server ignores SIGTERM'));
  if (first === 'short') setTimeout(() => end('finished', 0), 50);
  if (first !== 'never-starts') tell({ type: 'start', job: first });
  stay();
} else {
  const name = rest.find((word) => word.startsWith('--name=')).slice('--name='.length);
  const job = rest.find((word) => word.startsWith('--job=')).slice('--job='.length);
  note(`worker ${name} ${process.pid} ${first}`);
  process.stderr.write(`${name} is here\n`);
  if (job === 'refused') {
    process.stderr.write('error: no such layer\n');
    process.exit(2);
  }
  if (job === 'short') setTimeout(() => process.exit(0), 80);
  stay();
}
