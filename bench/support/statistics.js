// Numbers about numbers.

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Standard error of the median, from the median absolute deviation: outliers do not blow it up. */
export function medianError(values) {
  const center = median(values);
  const deviation = median(values.map((value) => Math.abs(value - center)));
  return (1.2533 * 1.4826 * deviation) / Math.sqrt(values.length);
}

/** The slope of log(cost) over log(size): 1 is linear, 2 quadratic. Least squares. */
export function exponent(sizes, costs) {
  const xs = sizes.map(Math.log);
  const ys = costs.map(Math.log);
  const [x0, y0] = [mean(xs), mean(ys)];
  let [above, below] = [0, 0];
  for (const [at, x] of xs.entries()) {
    above += (x - x0) * (ys[at] - y0);
    below += (x - x0) ** 2;
  }
  return above / below;
}
