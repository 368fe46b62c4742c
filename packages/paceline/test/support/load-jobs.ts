// Loads each job named on the command line with Node's own loader (Vitest has another) and prints how that went.
import { loadJob } from '../../src/load-job.ts';

const results: unknown[] = [];
for (const name of process.argv.slice(2)) {
  try {
    const { source } = await loadJob(name);
    results.push({ source });
  } catch (error) {
    const { code, message } = error as { readonly code: string; readonly message: string };
    results.push({ code, message });
  }
}
process.stdout.write(JSON.stringify(results));
