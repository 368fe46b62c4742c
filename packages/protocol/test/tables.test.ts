import { closeCodeOf, closeCodeRow, closeCodes, encodeEvent, exitCodes } from '@paceline/protocol';
import type { RunEvent } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

describe('the close codes', () => {
  it('are different numbers that RFC 6455 leaves to applications', () => {
    const codes = closeCodes.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => code >= 4000 && code <= 4999)).toBe(true);
  });

  it('are found by name and by number', () => {
    expect(closeCodeOf('fenced')).toBe(4005);
    expect(closeCodeRow(4005)).toMatchObject({ name: 'fenced', reconnect: false });
    expect(closeCodeRow(1006)).toBeUndefined();
  });

  it('send a worker back only where that can help', () => {
    const names = closeCodes.filter(({ reconnect }) => reconnect).map(({ name }) => name);
    expect(names).toEqual(['protocol-error', 'shutting-down', 'silent', 'revoked']);
  });

  it('have meanings that fit a close message', () => {
    for (const { meaning } of closeCodes) expect(Buffer.byteLength(meaning)).toBeLessThan(124);
  });
});

it('has the exit codes of the interface', () => {
  expect(exitCodes).toEqual({
    finished: 0,
    usage: 2,
    failed: 3,
    unreachable: 4,
    interrupted: 130,
    terminated: 143,
  });
});

describe('an event', () => {
  const step: RunEvent = {
    type: 'step',
    step: 100,
    epoch: 0,
    loss: 0.31,
    metrics: { accuracy: 0.91 },
    examplesPerSecond: 12_345,
    learningRate: 0.001,
    workers: 2,
  };

  it('is one line of JSON with its fields in order', () => {
    expect(encodeEvent(step)).toBe(
      '{"type":"step","step":100,"epoch":0,"loss":0.31,"metrics":{"accuracy":0.91},"examplesPerSecond":12345,"learningRate":0.001,"workers":2}',
    );
    expect(encodeEvent({ type: 'fault', kind: 'x', detail: 'two\nlines' })).not.toContain('\n');
  });

  it('prints null for a loss that is no number', () => {
    expect(JSON.parse(encodeEvent({ ...step, loss: NaN }))).toMatchObject({ loss: null });
  });
});
