import { describe, expect, test } from 'vitest';
import { type Advisory, audit, judgeAudit, parseAudit } from './audit.ts';
import { auditExceptions } from './exceptions.ts';

const today = new Date().toISOString().slice(0, 10);
const isCi = process.env['CI'] === 'true';

test('npm audit, where the registry offers it, finds nothing grave in what users install but what has an exception', async ({
  annotate,
  skip,
}) => {
  const production = await audit('production');
  if (production.kind === 'not offered') {
    // Nothing that a machine could be given: said aloud, and left to where it can be asked.
    await annotate(
      `NOT AUDITED: the registry offers no audits (HTTP ${String(production.status)})`,
    );
  } else if (production.kind === 'no answer') {
    if (isCi) throw new Error(`CI must be able to ask the registry: ${production.words}`);
    skip(`NOT AUDITED: no registry answers (${production.words})`);
  } else {
    const all = await audit('all');
    await annotate(`in production: ${say(production)}; with tools: ${say(all)}`);
    expect(judgeAudit(production.advisories, auditExceptions, today)).toEqual([]);
  }
});

const say = (found: Awaited<ReturnType<typeof audit>>): string =>
  found.kind === 'audited' ? `${String(found.advisories.length)} advisories` : found.kind;

test('no exception is without a reason, or over', () => {
  for (const { reason, until } of auditExceptions) {
    expect(reason.length).toBeGreaterThan(40);
    expect(until > today, until).toBe(true);
  }
});

describe('an audit is judged', () => {
  const advisory = (name: string, severity: string): Advisory => ({
    package: name,
    severity,
    title: 'it breaks',
    url: 'https://example.org/1',
  });
  const exception = { package: 'tar', reason: 'never runs', until: '2027-01-31' };

  test('as failed for a grave advisory without an exception, by name', () => {
    expect(judgeAudit([advisory('ws', 'high'), advisory('ms', 'moderate')], [], today)).toEqual([
      'ws (high): it breaks, https://example.org/1',
    ]);
  });

  test('as passed where each has an exception, up to its last day', () => {
    const found = [advisory('tar', 'critical'), advisory('tar', 'high')];
    expect(judgeAudit(found, [exception], '2027-01-31')).toEqual([]);
    expect(judgeAudit(found, [exception], '2027-02-01')).toEqual([
      'the exception for tar ended on 2027-01-31: look again',
    ]);
  });

  test('as failed for an exception that nothing needs', () => {
    expect(judgeAudit([advisory('tar', 'low')], [exception], '2026-12-01')).toEqual([
      'the exception for tar is not needed: remove it',
    ]);
  });
});

describe('what npm prints is read', () => {
  test('as advisories, each once, with the packages that only depend on one left out', () => {
    const tar = {
      source: 1112255,
      name: 'tar',
      dependency: 'tar',
      title: 'node-tar Vulnerable to Arbitrary File Overwrite',
      url: 'https://github.com/advisories/GHSA-8qq5-rm4j-mr97',
      severity: 'high',
      range: '<=7.5.2',
    };
    const report = {
      auditReportVersion: 2,
      vulnerabilities: {
        tar: { name: 'tar', severity: 'high', via: [tar], effects: ['@mapbox/node-pre-gyp'] },
        '@mapbox/node-pre-gyp': { name: '@mapbox/node-pre-gyp', severity: 'high', via: ['tar'] },
      },
    };
    expect(parseAudit(JSON.stringify(report))).toEqual({
      kind: 'audited',
      advisories: [{ package: 'tar', severity: 'high', title: tar.title, url: tar.url }],
    });
  });

  test('as what it is where there are no audits, no network, or no JSON', () => {
    const refused = { message: '405 Method Not Allowed', statusCode: 405, error: { summary: '' } };
    expect(parseAudit(JSON.stringify(refused))).toEqual({ kind: 'not offered', status: 405 });
    expect(parseAudit('{"message":"getaddrinfo ENOTFOUND","error":{}}')).toMatchObject({
      kind: 'no answer',
      words: 'getaddrinfo ENOTFOUND',
    });
    expect(parseAudit('')).toMatchObject({ kind: 'no answer' });
  });
});
