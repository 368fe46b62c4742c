// Imports the modules named on the command line and prints every file of a package that this loads.
import { registerHooks } from 'node:module';

const loaded: string[] = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    return next(url, context);
  },
});
for (const url of process.argv.slice(2)) await import(url);
process.stdout.write(JSON.stringify(loaded));
