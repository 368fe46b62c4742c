/** Every class that TensorFlow.js 4.22 can build from a topology by itself. A test compares it with the registry. */
const builtIn: ReadonlySet<string> = new Set(
  `
  Adadelta Adagrad Adam Adamax Momentum RMSProp SGD Zeros Ones Constant RandomUniform RandomNormal
  TruncatedNormal Identity VarianceScaling GlorotUniform GlorotNormal HeNormal HeUniform LeCunNormal
  LeCunUniform Orthogonal InputLayer MaxNorm UnitNorm NonNeg MinMaxNorm Model Functional Sequential
  elu selu relu relu6 linear sigmoid hardSigmoid softplus softsign tanh softmax logSoftmax gelu
  gelu_new mish swish L1L2 ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax Conv2D Conv3D
  Conv2DTranspose Conv3DTranspose SeparableConv2D Conv1D Cropping2D UpSampling2D DepthwiseConv2D RNN
  SimpleRNNCell SimpleRNN GRUCell GRU LSTMCell LSTM StackedRNNCells ConvLSTM2DCell ConvLSTM2D Dropout
  SpatialDropout1D Dense Flatten Activation RepeatVector Reshape Permute Masking Embedding Add
  Multiply Average Maximum Minimum Concatenate Dot GaussianNoise GaussianDropout AlphaDropout
  BatchNormalization LayerNormalization ZeroPadding2D MaxPooling1D AveragePooling1D MaxPooling2D
  AveragePooling2D MaxPooling3D AveragePooling3D GlobalAveragePooling1D GlobalMaxPooling1D
  GlobalAveragePooling2D GlobalMaxPooling2D TimeDistributed Bidirectional Rescaling CenterCrop
  CategoryEncoding Resizing RandomWidth
  `
    .trim()
    .split(/\s+/),
);

/** A class that a topology names and that is not of TensorFlow.js. */
export interface OwnClass {
  readonly className: string;
  /** The layer that is one, or has one; empty where it has no name. */
  readonly layer: string;
}

/** The user's own classes in a topology, as `model.toJSON` gives it: layers, initializers, regularizers, constraints. Pure. */
export function ownClasses(topology: unknown, layer = ''): readonly OwnClass[] {
  if (Array.isArray(topology)) return topology.flatMap((each) => ownClasses(each, layer));
  if (typeof topology !== 'object' || topology === null) return [];
  const { class_name: className, config } = topology as Readonly<Record<string, unknown>>;
  const name = nameIn(config) ?? layer;
  const isOwn = typeof className === 'string' && !builtIn.has(className);
  const inside = Object.values(topology).flatMap((each) => ownClasses(each, name));
  return isOwn ? [{ className, layer: name }, ...inside] : inside;
}

function nameIn(config: unknown): string | undefined {
  if (typeof config !== 'object' || config === null || !('name' in config)) return undefined;
  return typeof config.name === 'string' ? config.name : undefined;
}
