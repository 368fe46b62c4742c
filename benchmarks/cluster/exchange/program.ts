/**
 * What the launcher starts in a run without a model: `program.ts server ...` is the real program, `program.ts worker URL
 * --name=NAME ...` a worker of which only the computing is missing.
 */
const [role, url = '', ...flags] = process.argv.slice(2);

if (role === 'server') {
  await import('../../../packages/paceline/src/programs/main.ts');
} else {
  const { runFakeWorker } = await import('./fake-worker-process.ts');
  const name = flags.find((flag) => flag.startsWith('--name='))?.slice('--name='.length) ?? '';
  process.exit(await runFakeWorker(url, name));
}
