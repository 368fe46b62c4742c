import type { TensorFlow } from '@paceline/training';

/** Registers a layer of a program's own: it multiplies by one number, which is trained. */
export default function register(tf: TensorFlow): new () => object {
  class Scale extends tf.layers.Layer {
    static className = 'Scale';
    private factor?: ReturnType<InstanceType<TensorFlow['layers']['Layer']>['addWeight']>;

    override build(): void {
      this.factor = this.addWeight('factor', [], 'float32', tf.initializers.ones());
    }

    override call(inputs: never): InstanceType<TensorFlow['Tensor']> {
      const [input] = [inputs].flat();
      return tf.mul(input ?? 0, this.factor?.read() ?? 1);
    }

    override computeOutputShape(shape: never): never {
      return shape;
    }
  }
  tf.serialization.registerClass(Scale as never);
  return Scale as never;
}
