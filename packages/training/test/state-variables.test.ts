import { describe, expect, it } from 'vitest';
import { recordAssigned } from '../src/state-variables.ts';
import { cpuBackend } from './support/backend.ts';

describe('variables assigned by a pass', () => {
  it('are recorded even when they are assigned what they are; assigning works as before', async () => {
    const { tf } = await cpuBackend();
    const [same, other, untouched] = [
      tf.variable(tf.scalar(1)),
      tf.variable(tf.scalar(1)),
      tf.variable(tf.scalar(1)),
    ];
    const original = tf.Variable.prototype.assign;
    const assigned = recordAssigned(tf, () => {
      same.assign(tf.scalar(1));
      other.assign(tf.scalar(2));
    });
    expect([same, other, untouched].map((variable) => assigned.has(variable))).toEqual([
      true,
      true,
      false,
    ]);
    expect(other.dataSync()[0]).toBe(2);
    expect(tf.Variable.prototype.assign).toBe(original);
    const failing = (): never => {
      throw new Error('no');
    };
    expect(() => recordAssigned(tf, failing)).toThrow('no');
    expect(tf.Variable.prototype.assign).toBe(original);
  });
});
