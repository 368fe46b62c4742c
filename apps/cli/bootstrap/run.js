// Behind `npm start`, `npm test` and `npm run setup`: makes everything ready, then runs what was asked for.
// Plain JavaScript without dependencies, since it runs before anything is installed. This file keeps to syntax that
// old versions of Node can read, so that they get a sentence instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  process.stderr.write(
    'Paceline needs Node 20 or newer to set itself up; this is Node ' +
      process.versions.node +
      '.\n',
  );
  process.exitCode = 1;
} else {
  import('./main.js').then(function (main) {
    return main.bootstrap(process.argv[2], process.argv.slice(3));
  });
}
