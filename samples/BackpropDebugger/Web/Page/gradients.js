// What has arrived at a tensor's gradient after so many events: the rules of Recording.GradientOf, in the same order and
// precision, so that the numbers are the engine's to the last bit.

function begin(number, before) {
  return { from: number, parts: before ? [{ event: 0, operation: null, values: before }] : [], byOperation: new Map() };
}

/**
 * Gives every tensor its epochs: a gradient grows through contributions until it is forgotten, or, for a computed
 * tensor, until the next backward pass begins.
 */
export function indexGradients(model) {
  for (const tensor of model.tensors) {
    tensor.epochs = [begin(0, tensor.gradientBefore)];
    tensor.lastPass = 0;
  }
  const arrive = (tensor, entry, values) => {
    if (tensor.producer && entry.pass > tensor.lastPass) tensor.epochs.push(begin(entry.number, null));
    tensor.lastPass = entry.pass;
    const epoch = tensor.epochs.at(-1);
    epoch.parts.push({ event: entry.number, operation: entry.operation, values });
    if (entry.operation && !epoch.byOperation.has(entry.operation)) epoch.byOperation.set(entry.operation, entry.number);
  };
  for (const entry of model.timeline) {
    if (entry.kind === "BackwardStart") arrive(entry.tensor, entry, entry.gradient);
    for (const part of entry.contributions) {
      // Of a computed tensor that was edited the engine has one gradient, with that of what was computed.
      for (const tensor of new Set([part.input, part.input.holder])) arrive(tensor, entry, part.values);
    }
    if (entry.kind === "GradientReset") {
      entry.tensor.epochs.push(begin(entry.number, null));
      entry.tensor.lastPass = 0;
    }
  }
}

function epochAt(tensor, cursor) {
  return tensor.epochs.findLast(epoch => epoch.from <= cursor);
}

/** The contributions that have arrived, in order, and how many there will be. */
export function arrivedAt(tensor, cursor) {
  // Before an epoch begins, its tensor still waits for what the first epoch with contributions will bring.
  const epoch = epochAt(tensor, cursor);
  const parts = epoch.parts.filter(part => part.event <= cursor);
  const coming = epoch.parts.length > 0 ? epoch : tensor.epochs.find(later => later.from > cursor && later.parts.length > 0);
  return { parts, expected: coming ? coming.parts.length : 0 };
}

/** Whether an operation's contribution is part of a tensor's gradient at the cursor. */
export function hasContributed(tensor, operation, cursor) {
  return (epochAt(tensor, cursor).byOperation.get(operation) ?? Infinity) <= cursor;
}

/** The gradient as { data, shape, dtype, statistics }, null where none has arrived. */
export async function gradientAt(tensor, cursor, values) {
  const { parts } = arrivedAt(tensor, cursor);
  if (parts.length === 0) return null;
  if (parts.length === 1) return values.get(parts[0].values);
  const all = await Promise.all(parts.map(part => values.get(part.values)));
  const data = all[0].data.slice();
  // A typed array rounds each sum to its own precision, as the engine does.
  for (const part of all.slice(1)) {
    for (let i = 0; i < data.length; i++) data[i] += part.data[i];
  }
  return { ...all[0], data, statistics: statisticsOf(data) };
}

/** The gradient's statistics, which are there even where the values of a single contribution were left out; null where none has arrived. */
export async function gradientStatisticsAt(tensor, cursor, values) {
  const { parts } = arrivedAt(tensor, cursor);
  return parts.length === 1 ? parts[0].values.statistics : ((await gradientAt(tensor, cursor, values))?.statistics ?? null);
}

function statisticsOf(data) {
  let [min, max, sum, squares, zeros, nans, infinities] = [Infinity, -Infinity, 0, 0, 0, 0, 0];
  for (const value of data) {
    if (Number.isNaN(value)) nans++;
    else if (!Number.isFinite(value)) infinities++;
    else {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      squares += value * value;
      if (value === 0) zeros++;
    }
  }
  const finite = data.length - nans - infinities;
  const none = finite === 0;
  return {
    min: none ? NaN : min, max: none ? NaN : max, mean: none ? NaN : sum / finite,
    norm: Math.sqrt(squares), zeros, nans, infinities, isFinite: nans + infinities === 0,
  };
}
