// @ts-check
// What only a graph of all imports can see; who may import which package is in test/architecture/table.ts.
// Imports of types count: a cycle of types is as hard to read as any other.

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-entry-from-inside',
      comment: 'index.ts is for other packages; inside, import the file that has the thing.',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/src/' },
      to: { path: '^$1/$2/.*/index\\.ts$' },
    },
    {
      name: 'no-deep-imports',
      comment: 'Another package is its entries; import it by its name.',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: {
        path: '^(packages|apps)/[^/]+/',
        pathNot: '^$1/$2/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'no-tests-in-sources',
      comment: 'What is published must not need what is not.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/' },
      to: { path: '^(packages|apps)/[^/]+/test/|^test/' },
    },
    {
      name: 'no-testing-in-sources',
      comment: 'The testing entries of a package are for tests.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: '/src/testing(/|\\.ts$)' },
      to: { path: '/src/testing(/|\\.ts$)' },
    },
    {
      name: 'resolvable',
      comment: 'An import that resolves to nothing.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment:
        'A dependency of a published file stands in its manifest, and not among what only development needs.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|/kernels/assembly/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['paceline-source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.d.ts'],
    },
  },
};
