import type { TensorFlow } from '@paceline/training';

type Tensor = InstanceType<TensorFlow['Tensor']>;
type Weight = ReturnType<InstanceType<TensorFlow['layers']['Layer']>['addWeight']>;

/** Registers a layer of a program's own: it multiplies by one number, which is trained. */
export function setup(tf: TensorFlow): new () => InstanceType<TensorFlow['layers']['Layer']> {
  class Scale extends tf.layers.Layer {
    static className = 'Scale';
    private factor?: Weight;

    override build(): void {
      this.factor = this.addWeight('factor', [], 'float32', tf.initializers.ones());
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const [input = tf.scalar(0)] = [inputs].flat();
      return tf.mul(input, this.factor?.read() ?? 1);
    }
  }
  tf.serialization.registerClass(Scale);
  return Scale;
}
