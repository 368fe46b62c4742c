/**
 * The kernels of the optimizers take many operands: here they have names. Pointers are byte addresses, counts are in floats,
 * whatever else is a number is rounded to Float32, or is a rule's number. What each does is documented in `assembly/`.
 */

/** For each kernel its operands, in the order of its parameters in `assembly/`; a test compares the two. */
export const operandOrder = {
  sgd: 'momentumRule decayRule target parameters gradient velocity count scale rate momentum share decay',
  adagrad: 'decayRule target parameters gradient accumulator count scale rate epsilon decay',
  rmsprop:
    'isCentered hasMomentum decayRule target parameters gradient meanSquare meanGradientAt velocity count scale rate rho restOfRho momentum epsilon innerEpsilon decay',
  adadelta:
    'decayRule target parameters gradient meanSquare meanSquareMove count scale rate rho restOfRho epsilon decay',
  adam: 'isAmsgrad isNadam decayRule target parameters gradient mean variance largest count scale rate gradientRate restOfBeta1 beta2 restOfBeta2 rootCorrection epsilon decay',
  adamax:
    'decayRule target parameters gradient mean largest count scale rate restOfBeta1 beta2 epsilon decay',
  lion: 'decayRule target parameters gradient mean count scale rate restOfBeta1 restOfBeta2 decay',
  lars: 'isNesterov decayRule target parameters gradient velocity count scale rate momentum decay',
  lambDirection:
    'decayRule parameters gradient mean variance count scale correction restOfBeta1 beta2 restOfBeta2 rootCorrection epsilon decay',
  addSquares: 'gradient count scale rows columnSums columns rowsOfMatrix column rowsLeft',
  applyFactors:
    'gradient count scale rowFactors columnFactors columns rowsOfMatrix column rowsLeft',
  divideByRoot: 'gradient meanSquare count scale rho restOfRho added',
} as const;

/** A kernel whose operands have names. */
export type NamedKernel = keyof typeof operandOrder;

/** The operands of a kernel by name. */
export type Operands<Name extends NamedKernel> = Readonly<
  Record<Words<(typeof operandOrder)[Name]>, number>
>;

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}`
  ? First | Words<Rest>
  : Text;

/** Those kernels, called by name. */
export type NamedKernels = {
  readonly [Name in NamedKernel]: (operands: Operands<Name>) => void;
};

/** The functions of a module, called by name. */
export function nameOperands(
  exports: Readonly<Record<NamedKernel, (...operands: readonly number[]) => void>>,
): NamedKernels {
  const named = Object.entries(operandOrder).map(([name, words]) => {
    const order = words.split(' ');
    const kernel = exports[name as NamedKernel];
    const call = (operands: Readonly<Record<string, number>>): void => {
      kernel(...order.map((operand) => operands[operand] ?? Number.NaN));
    };
    return [name, call] as const;
  });
  return Object.fromEntries(named) as unknown as NamedKernels;
}
