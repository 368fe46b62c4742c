import type { Section, TensorPlace } from '@paceline/math';
import { createLayout } from '@paceline/math/layout';
import type { JsonObject } from '@paceline/protocol';
import { ServerError } from '../errors.ts';
import { decodeSafetensors } from './decode-safetensors.ts';
import type { FileContent } from './files.ts';
import { encodeSafetensorsHead } from './safetensors.ts';
import type { CheckpointFacts, CheckpointImage, SlotTensor } from './storage.ts';
import { bestSections, entriesOf, parameterSections, tensorsIn } from './tensors.ts';

const parametersName = 'parameters.safetensors';
const bestName = 'best.safetensors';
const slotPattern = /^optimizer-([A-Za-z][A-Za-z0-9-]*)\.safetensors$/;
const sectionPattern = /^section-([a-z][a-z0-9-]*)\.json$/;

/**
 * The files of an image, but for the manifest. Vectors are stored by tensor, never by bucket or server, so that
 * another number of servers can read them. The pieces are views of the image.
 * @throws ServerError `checkpoint-failed` for a vector that does not fit the layout, or a name that is not allowed
 */
export function encodeImage(image: CheckpointImage): readonly FileContent[] {
  const { facts, parameters, slots, slotTensors = {}, best, sections } = image;
  const layout = createLayout(facts.layout.tensors);
  const vectors = [
    { name: parametersName, bytes: parameters, tensors: tensorsIn(layout, parameterSections) },
    ...(best === undefined
      ? []
      : [{ name: bestName, bytes: best, tensors: tensorsIn(layout, bestSections) }]),
    ...Object.entries(slots).map(([slot, bytes]) => ({
      name: checkName(`optimizer-${slot}.safetensors`, slotPattern),
      bytes,
      tensors: slotTensors[slot] ?? tensorsIn(layout, trainable),
    })),
  ];
  const texts = Object.entries(sections).map(([section, content]) => ({
    name: checkName(`section-${section}.json`, sectionPattern),
    pieces: [Buffer.from(`${JSON.stringify(content, null, 2)}\n`)],
  }));
  return [...vectors.map((vector) => encodeVector(facts, vector)), ...texts];
}

/**
 * The image that files make, by name; the inverse of {@link encodeImage}. Its vectors are views of the files.
 * @throws ServerError `checkpoint-damaged` for files that do not fit the facts
 */
export function decodeImage(
  facts: CheckpointFacts,
  files: ReadonlyMap<string, Uint8Array>,
): CheckpointImage {
  const layout = createLayout(facts.layout.tensors);
  let parameters: Uint8Array | undefined;
  let best: Uint8Array | undefined;
  const slots: (readonly [string, Uint8Array])[] = [];
  const slotTensors: (readonly [string, readonly SlotTensor[]])[] = [];
  const sections: (readonly [string, JsonObject])[] = [];
  for (const [name, content] of files) {
    const [, slot] = slotPattern.exec(name) ?? [];
    const [, section] = sectionPattern.exec(name) ?? [];
    if (name === parametersName) {
      parameters = decodeVector(name, content, tensorsIn(layout, parameterSections));
    }
    if (name === bestName) best = decodeVector(name, content, tensorsIn(layout, bestSections));
    if (slot !== undefined) {
      const usual = tensorsIn(layout, trainable);
      const own = ownTensors(content, usual);
      if (own !== undefined) slotTensors.push([slot, own]);
      slots.push([slot, decodeVector(name, content, own ?? usual)]);
    }
    if (section !== undefined) sections.push([section, parseSection(content)]);
  }
  if (parameters === undefined) {
    throw new ServerError('checkpoint-damaged', `${parametersName} is missing`);
  }
  const fields = { slots: Object.fromEntries(slots), sections: Object.fromEntries(sections) };
  const shapes = slotTensors.length > 0 ? { slotTensors: Object.fromEntries(slotTensors) } : {};
  const kept = best === undefined ? {} : { best };
  return { facts, parameters, ...fields, ...shapes, ...kept };
}

const trainable: readonly Section[] = ['trainable'];

function encodeVector(
  facts: CheckpointFacts,
  o: {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly tensors: readonly SlotTensor[];
  },
): FileContent {
  const entries = entriesOf(o.tensors);
  const expected = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (o.bytes.byteLength !== expected) {
    const words = `${o.name} would have ${o.bytes.byteLength} bytes of numbers, the layout has ${expected}`;
    throw new ServerError('checkpoint-failed', words);
  }
  const head = encodeSafetensorsHead(entries, { step: String(facts.step) });
  return { name: o.name, pieces: [head, o.bytes] };
}

function decodeVector(
  name: string,
  content: Uint8Array,
  places: readonly SlotTensor[],
): Uint8Array {
  const stored = decodeSafetensors(content);
  const bytesOf = new Map(stored.map((tensor) => [tensor.name, tensor]));
  const data = content.byteLength - stored.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  let offset = content.byteOffset + data;
  for (const { name: tensor, bytes, shape } of entriesOf(places)) {
    const found = bytesOf.get(tensor);
    if (found?.shape.join() !== shape.join() || (bytes > 0 && found.bytes.byteOffset !== offset)) {
      throw new ServerError('checkpoint-damaged', `${name} does not have ${tensor} at its place`);
    }
    offset += bytes;
  }
  if (places.length !== stored.length) {
    throw new ServerError('checkpoint-damaged', `${name} has tensors that the layout has not`);
  }
  return content.subarray(data);
}

/** What a slot has for which of the tensors, where that is not their shapes; undefined where it is. */
function ownTensors(
  content: Uint8Array,
  tensors: readonly TensorPlace[],
): readonly SlotTensor[] | undefined {
  const shapes = new Map(decodeSafetensors(content).map(({ name, shape }) => [name, shape]));
  const own = tensors.flatMap(({ name }) => {
    const shape = shapes.get(name);
    return shape === undefined ? [] : [{ name, shape }];
  });
  const isAsTheirs = tensors.every(({ name, shape }) => shapes.get(name)?.join() === shape.join());
  return isAsTheirs || own.length !== shapes.size ? undefined : own;
}

function parseSection(content: Uint8Array): JsonObject {
  return JSON.parse(Buffer.from(content).toString('utf8')) as JsonObject;
}

function checkName(name: string, pattern: RegExp): string {
  if (pattern.test(name)) return name;
  throw new ServerError('checkpoint-failed', `${name} is no name of a file of a checkpoint`);
}
