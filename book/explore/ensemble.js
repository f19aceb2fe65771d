// Sums over the total spins of an ensemble, and integrals over the temperature. The formulas
// of one multiplet, which these sums call, are generated: see formulas.py.

// Beyond this inverse temperature every Boltzmann factor is zero.
const COLD = 800;

const clip = (beta) => Math.max(-COLD, Math.min(COLD, beta));

function remember(make) {
  const known = new Map();
  return (...key) => {
    const name = key.join();
    if (!known.has(name)) {
      if (known.size > 300) known.clear();
      known.set(name, make(...key));
    }
    return known.get(name);
  };
}

// Multiplicities of the total spins J = n s - k, k = 0, 1, ...: differences of the numbers of product
// states with k excitations, which add up spin by spin. Exact integers.
const multiplicities = remember((n, s) => {
  const top = 2 * s, most = n === 1 ? 0 : Math.floor(n * s);
  let states = Array.from({ length: most + 1 }, (_, k) => (k === 0 ? 1n : 0n));
  for (let spin = 0; spin < n; spin += 1) {
    let sum = 0n;
    states = states.map((count, k) => {
      sum += count - (k > top ? states[k - top - 1] : 0n);
      return sum;
    });
  }
  return states.map((count, k) => count - (k > 0 ? states[k - 1] : 0n));
});

// The multiplets that are occupied at the start, with their weights l_J p_J(beta_0).
const multiplets = remember((n, s, start) => {
  const found = [];
  multiplicities(n, s).forEach((copies, k) => {
    const N = 2 * n * s + 1 - 2 * k;
    const logarithm = logProbability(start, k, N, { n, s });
    const weight = Math.exp(logarithm + Math.log(Number(copies)));
    if (weight > 0) found.push({ k, N, logarithm, weight });
  });
  return found;
});

function mean(c, term) {
  let sum = 0;
  for (const { k, N, logarithm, weight } of multiplets(c.n, c.s, Math.abs(c.beta_0))) {
    sum += weight * term(k, N, logarithm);
  }
  return sum;
}

// Where the variance is smooth between a and b, and differences of closed forms would cancel.
const close = (a, b, N) =>
  Math.abs(b - a) <= Math.max(2 / N, Math.min(Math.abs(a + b) / 4, 1));

// The integral over t from 0 to 1 of (1 - t)^power times the variance at a + t (b - a).
function integral(a, b, N, power) {
  return GAUSS.reduce(
    (sum, [t, weight]) => sum + weight * (1 - t) ** power * variance(a + t * (b - a), N), 0);
}

// Mean of the variance between two temperatures, (excitation(a) - excitation(b)) / (b - a).
function meanVariance(a, b, N) {
  if (close(a, b, N)) return integral(a, b, N, 0);
  const side = a + b < 0 ? -1 : 1; // towards few excitations, which keep their digits
  return (excitation(side * a, N) - excitation(side * b, N)) / (side * (b - a));
}

// Relative entropy of a multiplet at a to one at b.
function relativeEntropy(a, b, N) {
  const side = a < 0 ? -1 : 1;
  if (close(a, b, N)) return (b - a) ** 2 * integral(side * a, side * b, N, 1);
  return farRelativeEntropy(side * a, side * b, N);
}
