import { execFile } from 'node:child_process';
import { root } from '../architecture/workspace.ts';
import type { AuditException } from './exceptions.ts';

/** A known weakness of a package that we install. */
export interface Advisory {
  readonly package: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
}

/** What `npm audit` came to: advisories, or why there is no answer. */
export type Audit =
  | { readonly kind: 'audited'; readonly advisories: readonly Advisory[] }
  /** The registry answers, but offers no audits: so do many mirrors. */
  | { readonly kind: 'not offered'; readonly status: number }
  | { readonly kind: 'no answer'; readonly words: string };

const grave: readonly string[] = ['high', 'critical'];

/** Asks the registry about what is in package-lock.json: all of it, or what users get. */
export const audit = (what: 'all' | 'production'): Promise<Audit> =>
  new Promise((resolve) => {
    const only = what === 'production' ? ['--omit=dev'] : [];
    const args = ['audit', '--json', '--fetch-retries=1', '--fetch-timeout=20000', ...only];
    // It ends with 1 when it found something; what it prints says more.
    execFile('npm', args, { cwd: root, maxBuffer: 2 ** 26 }, (_error, stdout) => {
      resolve(parseAudit(stdout));
    });
  });

/** Reads what `npm audit --json` (npm 7 and newer) printed. */
export const parseAudit = (text: string): Audit => {
  const report = parseJson(text);
  if (report?.vulnerabilities === undefined) {
    const { statusCode, message, error } = report ?? {};
    if (statusCode !== undefined) return { kind: 'not offered', status: statusCode };
    return { kind: 'no answer', words: message ?? error?.summary ?? 'npm printed no report' };
  }
  const found = Object.values(report.vulnerabilities).flatMap(({ via }) => via);
  // A string is the name of a package below, which has its own entry.
  const advisories = found.filter((each) => typeof each !== 'string');
  return {
    kind: 'audited',
    advisories: advisories.map(({ name, severity, title, url }) => {
      return { package: name, severity, title, url };
    }),
  };
};

/** What is wrong, in sentences; nothing when every grave advisory has an exception that holds, and all are needed. Pure. */
export const judgeAudit = (
  advisories: readonly Advisory[],
  exceptions: readonly AuditException[],
  today: string,
): readonly string[] => {
  const found = advisories.filter(({ severity }) => grave.includes(severity));
  const unexcused = found
    .filter((advisory) => !exceptions.some((each) => each.package === advisory.package))
    .map((each) => `${each.package} (${each.severity}): ${each.title}, ${each.url}`);
  const over = exceptions
    .filter(({ until }) => until < today)
    .map((each) => `the exception for ${each.package} ended on ${each.until}: look again`);
  const idle = exceptions
    .filter((each) => !found.some((advisory) => advisory.package === each.package))
    .map((each) => `the exception for ${each.package} is not needed: remove it`);
  return [...unexcused, ...over, ...idle];
};

interface Report {
  readonly vulnerabilities?: Readonly<Record<string, { readonly via: readonly (string | Via)[] }>>;
  readonly statusCode?: number;
  readonly message?: string;
  readonly error?: { readonly summary?: string };
}

interface Via {
  readonly name: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
}

const parseJson = (text: string): Report | undefined => {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
};
