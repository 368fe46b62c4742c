/**
 * Names that do not depend on what else a process has built. tfjs counts its automatic layer names per process
 * (`dense_Dense7`); here they become class and ordinal within the model (`dense_1`). Names that a user gave stay.
 */

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/** A layer in a LayersModel topology: `{ class_name, config: { name, ... }, inbound_nodes? }`. */
export interface LayerNode extends JsonObject {
  readonly class_name: string;
  readonly config: JsonObject & { readonly name: string };
}

/** The topology (as `model.toJSON(null, false)` gives it) with canonical names; pure, the input stays as it is. */
export function canonicalTopology(topology: object): object {
  const names = createNameGiver(userNames(topology));
  return isLayerNode(topology) ? renameLayer(topology, names) : topology;
}

/** The part of an automatic name before its ordinal; undefined for a name that a user gave. */
export function automaticPrefix({ class_name: className, config }: LayerNode): string | undefined {
  const { name } = config;
  if (className === 'InputLayer') return inputPrefix(name);
  const stem = name.replace(/\d+$/, '');
  if (stem === name) return undefined;
  // Models are called `model3` or `sequential_3`, layers `dense_Dense3`.
  if (Array.isArray(config['layers'])) {
    const model = className.toLowerCase();
    return stem === model || stem === `${model}_` ? model : undefined;
  }
  const ending = `_${className}`;
  return stem.endsWith(ending) ? stem.slice(0, -ending.length) : undefined;
}

/** `input3`, or the input that a Sequential model makes for its first layer: `dense_Dense3_input`. */
function inputPrefix(name: string): string | undefined {
  if (/^input\d+$/.test(name)) return 'input';
  const layer = /^([a-z0-9_]+)_[A-Z][A-Za-z0-9]*\d+_input$/.exec(name)?.[1];
  return layer === undefined ? undefined : `${layer}_input`;
}

type GiveName = (node: LayerNode) => string;

function createNameGiver(taken: Set<string>): GiveName {
  const ordinals = new Map<string, number>();
  return (node) => {
    const prefix = automaticPrefix(node);
    if (prefix === undefined) return node.config.name;
    let ordinal = ordinals.get(prefix) ?? 0;
    let name: string;
    do {
      ordinal += 1;
      name = `${prefix}_${String(ordinal)}`;
    } while (taken.has(name));
    ordinals.set(prefix, ordinal);
    return name;
  };
}

function userNames(value: Json): Set<string> {
  const names = new Set<string>();
  const visit = (inner: Json): void => {
    if (isLayerNode(inner)) {
      if (automaticPrefix(inner) === undefined) names.add(inner.config.name);
    }
    if (typeof inner === 'object' && inner !== null) Object.values(inner).forEach(visit);
  };
  visit(value);
  return names;
}

/** The layer, then what is in it, in the order of the topology: that is the order of the ordinals. */
function renameLayer(node: LayerNode, give: GiveName): LayerNode {
  const name = give(node);
  const inner = renameInside(node.config, give);
  const config = { ...(inner as JsonObject), name };
  return 'name' in node ? { ...node, name, config } : { ...node, config };
}

function renameInside(value: Json, give: GiveName): Json {
  if (Array.isArray(value)) return value.map((element: Json) => renameAny(element, give));
  if (typeof value !== 'object' || value === null) return value;
  const renamed = Object.fromEntries(
    Object.entries(value).map(([key, element]: [string, Json]) => [key, renameAny(element, give)]),
  );
  return rewireContainer(value as JsonObject, renamed);
}

function renameAny(value: Json, give: GiveName): Json {
  return isLayerNode(value) ? renameLayer(value, give) : renameInside(value, give);
}

/** In a container the connections name layers: they follow the names, which are unique in it. */
function rewireContainer(before: JsonObject, after: JsonObject): JsonObject {
  const [old, renamed] = [before['layers'], after['layers']];
  if (!Array.isArray(old) || !Array.isArray(renamed)) return after;
  const names = new Map<Json, string>();
  old.forEach((layer: Json, index) => {
    const now: Json = renamed[index];
    if (isLayerNode(layer) && isLayerNode(now)) names.set(layer.config.name, now.config.name);
  });
  const layers = renamed.map((layer: JsonObject) =>
    'inbound_nodes' in layer
      ? { ...layer, inbound_nodes: rewire(layer['inbound_nodes'], names) }
      : layer,
  );
  const rewired: Record<string, Json> = { ...after, layers };
  for (const key of ['input_layers', 'output_layers']) {
    if (key in after) rewired[key] = rewire(after[key], names);
  }
  return rewired;
}

/** Connections are `[layer, node, tensor, arguments?]`, in lists of any depth. */
function rewire(value: Json, names: ReadonlyMap<Json, string>): Json {
  if (!Array.isArray(value)) return value;
  const [first, ...rest] = value as readonly Json[];
  if (typeof first === 'string') return [names.get(first) ?? first, ...rest];
  return value.map((element: Json) => rewire(element, names));
}

function isLayerNode(value: Json): value is LayerNode {
  if (typeof value !== 'object' || value === null) return false;
  const { class_name: className, config } = value as JsonObject;
  if (typeof className !== 'string' || typeof config !== 'object' || config === null) return false;
  return typeof (config as JsonObject)['name'] === 'string';
}
