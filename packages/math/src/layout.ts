/**
 * The one coordinate space of a job: every tensor has its place in one flat Float32 vector.
 *
 * Vectors of gradients use the sections scalars, trainable and state; vectors of parameters use trainable,
 * state and frozen. Both count offsets from the same zero, so that gradient and parameter of a weight have one offset.
 */
import { MathError } from './errors.ts';

/**
 * What a tensor is to the training:
 * - `scalars`: weight, weighted loss and metric counts of a leaf; travels up only.
 * - `trainable`: has a gradient, and the optimizer moves it.
 * - `state`: training assigns it (batch-norm statistics); merged by weight, not optimized.
 * - `frozen`: never changes after the snapshot.
 */
export type Section = 'scalars' | 'trainable' | 'state' | 'frozen';

/** The order of the sections in the flat vector. */
export const sectionOrder: readonly Section[] = ['scalars', 'trainable', 'state', 'frozen'];

/** A tensor before it has a place. `shape` is in elements; `[]` is a scalar. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly section: Section;
}

/** A tensor with its place: `size` and `offset` in elements of the flat vector. */
export interface TensorPlace extends TensorSpec {
  readonly size: number;
  readonly offset: number;
}

/** A part of the flat vector, in elements. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Where everything is. Immutable; `length` is the length of the whole flat vector in elements. */
export interface ParameterLayout {
  readonly tensors: readonly TensorPlace[];
  readonly sections: Readonly<Record<Section, Range>>;
  readonly length: number;
}

/**
 * Places tensors one behind the other, section by section; inside a section the given order stays.
 * The same specs give the same layout, always.
 * @throws {MathError} `bad-layout` for a shape that is not whole numbers >= 0, an unknown section, or a name used twice.
 */
export function createLayout(specs: readonly TensorSpec[]): ParameterLayout {
  checkSpecs(specs);
  const tensors: TensorPlace[] = [];
  let offset = 0;
  const place = (section: Section): Range => {
    const start = offset;
    for (const { name, shape } of specs.filter((spec) => spec.section === section)) {
      const size = elementsOf(name, shape);
      tensors.push(
        Object.freeze({ name, shape: Object.freeze([...shape]), section, size, offset }),
      );
      offset += size;
    }
    return Object.freeze({ offset: start, length: offset - start });
  };
  // Written out in the order of `sectionOrder`: each call goes on where the last one ended.
  const sections = Object.freeze({
    scalars: place('scalars'),
    trainable: place('trainable'),
    state: place('state'),
    frozen: place('frozen'),
  });
  return Object.freeze({ tensors: Object.freeze(tensors), sections, length: offset });
}

function checkSpecs(specs: readonly TensorSpec[]): void {
  const names = new Set<string>();
  for (const { name, section } of specs) {
    if (!sectionOrder.includes(section)) {
      throw new MathError('bad-layout', `tensor "${name}" has an unknown section: ${section}`, {
        data: { name, section },
      });
    }
    if (names.has(name)) {
      throw new MathError('bad-layout', `two tensors have the name "${name}"`, { data: { name } });
    }
    names.add(name);
  }
}

function elementsOf(name: string, shape: readonly number[]): number {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0)) {
    if (Number.isSafeInteger(size)) return size;
  }
  throw new MathError('bad-layout', `tensor "${name}" has no valid shape: [${shape.join(', ')}]`, {
    data: { name, shape: shape.map(String) },
  });
}
