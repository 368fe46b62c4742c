export { createCertificate } from './certificate.ts';

export type { CertificateContent, Certified } from './certificate.ts';
export type { CertificateUse } from './extensions.ts';
