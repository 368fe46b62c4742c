import { describe, expect, it } from 'vitest';
import type { LayerNode } from '../../src/models/canonical-names.ts';
import { automaticPrefix, canonicalTopology } from '../../src/models/canonical-names.ts';

const nodeOf = (className: string, name: string): LayerNode => {
  const isModel = className === 'Sequential' || className === 'Model';
  return { class_name: className, config: isModel ? { name, layers: [] } : { name } };
};

describe('automatic names', () => {
  it.each([
    ['Dense', 'dense_Dense12', 'dense'],
    ['Conv2D', 'conv2d_Conv2D1', 'conv2d'],
    [
      'GlobalAveragePooling2D',
      'global_average_pooling2d_GlobalAveragePooling2D3',
      'global_average_pooling2d',
    ],
    ['LSTM', 'forward_lstm_LSTM4', 'forward_lstm'],
    ['Sequential', 'sequential_9', 'sequential'],
    ['Model', 'model2', 'model'],
    ['InputLayer', 'input7', 'input'],
    ['InputLayer', 'dense_Dense12_input', 'dense_input'],
  ])('of a %s called %s start with %3$s', (className, name, prefix) => {
    expect(automaticPrefix(nodeOf(className, name))).toBe(prefix);
  });

  it.each([
    ['Dense', 'encoder'],
    ['Dense', 'dense_1'],
    ['Dense', 'dense1'],
    ['Dense', 'dense_Dense'],
    ['InputLayer', 'image'],
    ['Model', 'my_model'],
  ])('are not what a user calls a %s: %s', (className, name) => {
    expect(automaticPrefix(nodeOf(className, name))).toBeUndefined();
  });
});

const dense = (name: string): object => ({ class_name: 'Dense', config: { name, units: 2 } });

describe('a canonical topology', () => {
  it('counts each class within the model, in order, and steps over names that users took', () => {
    const topology = {
      class_name: 'Sequential',
      config: {
        name: 'sequential_4',
        layers: [dense('dense_Dense9'), dense('dense_2'), dense('dense_Dense3'), dense('mine')],
      },
      backend: 'tensor_flow.js',
    };
    expect(canonicalTopology(topology)).toEqual({
      class_name: 'Sequential',
      config: {
        name: 'sequential_1',
        layers: [dense('dense_1'), dense('dense_2'), dense('dense_3'), dense('mine')],
      },
      backend: 'tensor_flow.js',
    });
  });

  it('renames connections, inputs and outputs with the layers', () => {
    const input = {
      name: 'input5',
      class_name: 'InputLayer',
      config: { name: 'input5' },
      inbound_nodes: [],
    };
    const layer = {
      name: 'dense_Dense7',
      ...dense('dense_Dense7'),
      inbound_nodes: [[['input5', 0, 0, {}]], [['input5', 1, 0, { training: true }]]],
    };
    const config = {
      name: 'model3',
      layers: [input, layer],
      input_layers: [['input5', 0, 0]],
      output_layers: [['dense_Dense7', 1, 0]],
    };
    expect(canonicalTopology({ class_name: 'Model', config })).toEqual({
      class_name: 'Model',
      config: {
        name: 'model_1',
        layers: [
          { ...input, name: 'input_1', config: { name: 'input_1' } },
          {
            name: 'dense_1',
            ...dense('dense_1'),
            inbound_nodes: [[['input_1', 0, 0, {}]], [['input_1', 1, 0, { training: true }]]],
          },
        ],
        input_layers: [['input_1', 0, 0]],
        output_layers: [['dense_1', 1, 0]],
      },
    });
  });

  it('keeps apart layers of one name in two nested models, and follows wrappers', () => {
    const nested = (name: string): object => ({
      class_name: 'Sequential',
      config: { name, layers: [dense('dense_Dense1')] },
    });
    const wrapped = {
      class_name: 'TimeDistributed',
      config: { name: 'time_distributed_TimeDistributed2', layer: dense('dense_Dense5') },
    };
    const topology = {
      class_name: 'Sequential',
      config: { name: 'outer', layers: [nested('sequential_7'), nested('sequential_8'), wrapped] },
    };
    expect(canonicalTopology(topology)).toEqual({
      class_name: 'Sequential',
      config: {
        name: 'outer',
        layers: [
          {
            class_name: 'Sequential',
            config: { name: 'sequential_1', layers: [dense('dense_1')] },
          },
          {
            class_name: 'Sequential',
            config: { name: 'sequential_2', layers: [dense('dense_2')] },
          },
          {
            class_name: 'TimeDistributed',
            config: { name: 'time_distributed_1', layer: dense('dense_3') },
          },
        ],
      },
    });
  });

  it('leaves the topology that it is given as it is', () => {
    const topology = {
      class_name: 'Sequential',
      config: { name: 'sequential_4', layers: [dense('dense_Dense9')] },
    };
    const before = structuredClone(topology);
    canonicalTopology(topology);
    expect(topology).toEqual(before);
  });
});
