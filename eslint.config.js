// @ts-check
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { ownerships, packageRules, tagOf } from './test/architecture/table.ts';

// Its own types are those of an older ESLint.
const nxPlugin = /** @type {import('eslint').ESLint.Plugin} */ (/** @type {unknown} */ (nx));

// The sources whose arithmetic decides the bits of a run: they may use only what IEEE 754 fixes to the last bit.
const bitPaths = ['math', 'server', 'worker'].map((name) => `packages/${name}/src/**/*.ts`);
const sources = ['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'];
const plainJavaScript = ['**/*.js', '**/*.cjs', '**/*.mjs'];
// Sources that are a process of their own: what they print is their answer.
const mains = [
  'packages/paceline/src/programs/**',
  'packages/tensorflow-runtime/src/verify-child.ts',
];
// A job file is its default export; so is the configuration of a tool.
const defaultExports = ['examples/**', '**/fixtures/**', '**/*.job.{ts,js}', '*.config.{js,ts}'];

const named = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export it by its name: only job files and tool settings have a default export.',
};
const erasable = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals, or a table as data.' },
  {
    // `declare module 'name'` gives types to a library that has none.
    selector: 'TSModuleDeclaration[kind!="global"]:not([id.type="Literal"])',
    message: 'Files are the namespaces here.',
  },
  { selector: 'TSParameterProperty', message: 'Declare the field and assign it.' },
];
const inexact = 'differs in its last bits between engines';
// A power of two that stands there as a number is exact, and easier to read than its digits.
const power = [
  'BinaryExpression[operator="**"]:not([left.value=2][right.type="Literal"])',
  'AssignmentExpression[operator="**="]',
].map((selector) => ({ selector, message: `** ${inexact}: multiply, or write the number.` }));
const inexactFunctions = [
  ...['pow', 'exp', 'expm1', 'log', 'log10', 'log1p', 'log2', 'cbrt', 'hypot'],
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2'],
  ...['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
].map((property) => ({ object: 'Math', property, message: `It ${inexact}.` }));

/** @type {import('eslint').Linter.RulesRecord} */
const typeScript = {
  '@typescript-eslint/array-type': 'error',
  '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  '@typescript-eslint/prefer-nullish-coalescing': 'error',
  '@typescript-eslint/prefer-optional-chain': 'error',
  '@typescript-eslint/prefer-readonly': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  // Objects here are made by functions and close over their state: a method of theirs has no `this` to lose.
  '@typescript-eslint/unbound-method': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreUsingDeclarations: true },
  ],
  'no-restricted-syntax': ['error', ...erasable, named],
};

/** @type {import('eslint').Linter.RulesRecord} */
const everywhere = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'max-lines': ['error', 300],
  'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
};

// The owners of what is heavy, seen from each package: what it must not import.
const boundaries = packageRules.map(({ name, imports, typesOnly }) => ({
  sourceTag: tagOf(name),
  onlyDependOnLibsWithTags: [name, ...imports, ...typesOnly].map(tagOf),
  bannedExternalImports: ownerships
    .filter(({ owners }) => !owners.includes(name))
    .map(({ module }) => module),
}));

export default defineConfig(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '**/*.wasm.ts',
      'packages/math/src/kernels/assembly/',
      'runs/',
      '.nx/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, rules: everywhere },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: typeScript,
  },
  {
    files: sources,
    plugins: { '@nx': nxPlugin },
    rules: {
      'max-lines-per-function': ['error', 60],
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      '@nx/enforce-module-boundaries': ['error', { depConstraints: boundaries }],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: mains,
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'stdout',
          message: 'A library does not print: it returns, or logs.',
        },
      ],
    },
  },
  {
    files: bitPaths,
    rules: {
      'no-restricted-properties': [
        'error',
        ...inexactFunctions,
        {
          object: 'Math',
          property: 'random',
          message: 'Draw from a keyed random, or take it as a parameter.',
        },
        {
          object: 'process',
          property: 'stdout',
          message: 'A library does not print: it returns, or logs.',
        },
      ],
      'no-restricted-syntax': ['error', ...erasable, named, ...power],
    },
  },
  {
    // A kernel is called with pointers and counts: an options object a call would cost more than the arithmetic.
    files: ['packages/math/src/kernels/**/*.ts'],
    rules: { '@typescript-eslint/max-params': 'off' },
  },
  {
    // The ops of tfjs are generic in the subclass of Tensor that they return, and only claim to construct it.
    files: ['packages/training/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  { files: ['apps/*/bootstrap/**'], rules: { 'no-console': 'off' } },
  { files: defaultExports, rules: { 'no-restricted-syntax': ['error', ...erasable] } },
  { files: plainJavaScript, languageOptions: { globals: nodeGlobals() } },
);

/** What plain scripts may use without importing it. */
function nodeGlobals() {
  return Object.fromEntries(['process', 'console', 'URL'].map((name) => [name, 'readonly']));
}
