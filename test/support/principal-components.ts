/** Principal components in double precision, with nothing of the product. */

/**
 * The mean squared error, per number, that is left when rows are said by their mean and `components` numbers each, as well as a
 * linear map can (Eckart, Young 1936): the sum of the other eigenvalues of the covariance, over the length of a row.
 */
export function leastLinearError(rows: readonly Float64Array[], components: number): number {
  const covariance = covarianceOf(rows);
  const trace = covariance.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  return (trace - largestEigenvalues(covariance, components)) / covariance.length;
}

function covarianceOf(rows: readonly Float64Array[]): Float64Array[] {
  const width = rows[0]?.length ?? 0;
  const mean = new Float64Array(width);
  for (const row of rows) row.forEach((value, i) => (mean[i] = at(mean, i) + value / rows.length));
  const covariance = Array.from({ length: width }, () => new Float64Array(width));
  for (const row of rows) {
    const centred = row.map((value, i) => value - at(mean, i));
    covariance.forEach((into, i) => {
      const factor = at(centred, i) / rows.length;
      if (factor !== 0) into.forEach((value, j) => (into[j] = value + factor * at(centred, j)));
    });
  }
  return covariance;
}

/** Their sum, by orthogonal iteration (Golub, Van Loan: Matrix Computations, section 8.2.4). */
function largestEigenvalues(matrix: readonly Float64Array[], count: number): number {
  // Any beginning will do that is not at right angles to an eigenvector.
  let basis: readonly Float64Array[] = Array.from({ length: count }, (_, k) =>
    Float64Array.from(matrix, (_row, i) => ((i * 7919 + k * 104729) % 997) / 997 - 0.5),
  );
  for (let round = 0; round < 300; round += 1) {
    basis = orthonormal(basis.map((vector) => times(matrix, vector)));
  }
  return basis.reduce((sum, vector) => sum + dot(vector, times(matrix, vector)), 0);
}

/** Gram-Schmidt, one vector after the other. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    let rest = vector;
    for (const other of done) {
      const share = dot(rest, other);
      rest = rest.map((value, i) => value - share * at(other, i));
    }
    const length = Math.sqrt(dot(rest, rest));
    done.push(rest.map((value) => value / length));
  }
  return done;
}

function times(matrix: readonly Float64Array[], vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

function dot(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, i) => sum + value * at(right, i), 0);
}

function at(values: ArrayLike<number>, i: number): number {
  return values[i] ?? Number.NaN;
}
