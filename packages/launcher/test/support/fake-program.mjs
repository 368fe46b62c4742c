// Stands for the real programs: `server JOB ...` tells events on stdout, `worker URL ...` does what its job says.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const [role, first, ...rest] = process.argv.slice(2);
const journal = process.env.FAKE_JOURNAL;
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const note = (text) => {
  if (journal) appendFileSync(journal, `${text}\n`);
};
const stay = () => setInterval(() => undefined, 1000);
const flag = (name) => rest.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);

if (role === 'server') server(first);
else await worker(flag('--job'), flag('--name'));

function server(job) {
  const isFirstLife = !existsSync(journal) || !/^server /m.test(readFileSync(journal, 'utf8'));
  note(`server ${process.pid} ${flag('--listen')} ${flag('--min-workers')}`);
  if (job === 'broken') {
    process.stderr.write('error: the job is broken\n');
    process.exit(2);
  }
  if (job === 'fragile') {
    const cause = 'FATAL ERROR: Allocation failed - JavaScript heap out of memory';
    process.stderr.write(isFirstLife ? `${cause}\n` : 'a consequence\n');
    process.exit(isFirstLife ? 134 : 1);
  }
  process.stdout.write('a job file that prints\n');
  tell({ type: 'server', event: 'started', shard: 0, pid: process.pid, address: 'fake:1' });
  const end = (status, code) => {
    tell({ type: 'end', status, steps: 1 });
    note('server ends');
    process.exit(code);
  };
  if (job !== 'stubborn') process.on('SIGTERM', () => end('interrupted', 143));
  else process.on('SIGTERM', () => note('server ignores SIGTERM'));
  if (job === 'short') void setTimeout(50).then(() => end('finished', 0));
  if (job === 'scaled') process.on('SIGUSR2', () => tell({ type: 'scale', workers: 3 }));
  tell({ type: 'start', job, ...(isFirstLife ? {} : { resumedAt: 5 }) });
  note('server listens');
  stay();
}

async function worker(job, name) {
  note(`worker ${name} ${process.pid} ${first}`);
  // As the real one, which looks for the server until it is there.
  await noted('server listens');
  process.stderr.write(`${name} is here\n`);
  if (job === 'refused') {
    process.stderr.write('error: no such layer\n');
    process.exit(2);
  }
  if (job === 'short') {
    await noted('server ends');
    await setTimeout(80);
    process.exit(0);
  }
  stay();
}

async function noted(text) {
  while (!readFileSync(journal, 'utf8').includes(text)) await setTimeout(10);
}
