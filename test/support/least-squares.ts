/** Gradient descent on least squares, by textbook: in double precision, with nothing of the product. */

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** Rows x, each with a 1 for the bias, and labels, a number for each of the outputs. */
export interface LeastSquares {
  readonly z: Matrix;
  readonly y: Matrix;
}

/** Puts the 1 of the bias behind each row. */
export function withOnes(x: Matrix): Matrix {
  return x.map((row) => [...row, 1]);
}

/**
 * W over b after `steps` steps of theta <- theta - rate (H theta - c), where H is the mean of z z' and c that of z y': a power of one
 * matrix, by repeated squaring.
 */
export function descended(
  theta: Matrix,
  { z, y }: LeastSquares,
  { rate, steps }: { readonly rate: number; readonly steps: number },
): Matrix {
  const h = meanProduct(z, z);
  const c = meanProduct(z, y);
  const size = theta.length;
  const outputs = theta[0]?.length ?? 0;
  // (theta, 1) -> ((I - rate H) theta + rate c, 1), as one matrix.
  const upper = h.map((row, i) => [
    ...row.map((value, j) => (i === j ? 1 : 0) - rate * value),
    ...(c[i] ?? []).map((value) => rate * value),
  ]);
  const lower = identity(outputs).map((row) => [...Array.from({ length: size }, () => 0), ...row]);
  const whole = power([...upper, ...lower], steps);
  return multiply(whole, [...theta, ...identity(outputs)]).slice(0, size);
}

/** One step of it on the rows of a batch. */
export function steppedOn(
  theta: Matrix,
  { z, y }: LeastSquares,
  { rows, rate }: { readonly rows: readonly number[]; readonly rate: number },
): Matrix {
  const batch = { z: rows.map((row) => z[row] ?? []), y: rows.map((row) => y[row] ?? []) };
  return descended(theta, batch, { rate, steps: 1 });
}

/** The mean over rows and outputs of (z theta - y)^2. */
export function meanSquaredErrorOf(theta: Matrix, { z, y }: LeastSquares): number {
  const errors = multiply(z, theta).flatMap((row, i) => row.map((p, j) => p - (y[i]?.[j] ?? NaN)));
  return errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
}

/** left' right, divided by the number of rows. */
function meanProduct(left: Matrix, right: Matrix): Matrix {
  const transposed = (left[0] ?? []).map((_, i) =>
    left.map((row) => (row[i] ?? NaN) / left.length),
  );
  return multiply(transposed, right);
}

function identity(size: number): Matrix {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)),
  );
}

function power(matrix: Matrix, exponent: number): Matrix {
  if (exponent === 1) return matrix;
  const half = power(matrix, Math.floor(exponent / 2));
  const square = multiply(half, half);
  return exponent % 2 === 1 ? multiply(square, matrix) : square;
}

function multiply(left: Matrix, right: Matrix): Matrix {
  return left.map((row) =>
    (right[0] ?? []).map((_, j) =>
      row.reduce((sum, value, k) => sum + value * (right[k]?.[j] ?? NaN), 0),
    ),
  );
}
