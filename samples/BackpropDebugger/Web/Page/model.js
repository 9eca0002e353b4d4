// The recording as the page knows it from the start: objects that refer to each other in place of numbers.

function statisticsOf(list) {
  const [min, max, mean, norm, zeros, nans, infinities] = list.map(Number);
  return { min, max, mean, norm, zeros, nans, infinities, isFinite: nans + infinities === 0 };
}

/** Reads the JSON that PageModel.cs writes. */
export function readModel(json) {
  const values = json.values.map((item, id) => ({ ...item, id, statistics: statisticsOf(item.statistics) }));
  const valuesAt = id => (id < 0 ? null : values[id]);
  const tensors = json.tensors.map((tensor, id) => ({
    ...tensor, id, values: valuesAt(tensor.values), gradientBefore: valuesAt(tensor.gradientBefore), consumers: [],
  }));
  const operations = json.operations.map((operation, index) => ({
    ...operation,
    number: index + 1,
    inputs: operation.inputs.map(id => tensors[id]),
    output: tensors[operation.output],
    saved: operation.saved.map(saved => ({ name: saved.name, values: valuesAt(saved.values) })),
    forwardEvent: 0,
    backwardEvents: [],
  }));
  for (const tensor of tensors) {
    tensor.producer = tensor.producer === 0 ? null : operations[tensor.producer - 1];
    tensor.detachedFrom = tensor.detachedFrom < 0 ? null : tensors[tensor.detachedFrom];
    tensor.shape = tensor.values.shape;
    tensor.holder = tensors[tensor.holder];
  }
  for (const operation of operations) {
    for (const input of new Set(operation.inputs)) input.consumers.push(operation);
  }
  const timeline = json.timeline.map((entry, index) => ({
    ...entry,
    number: index + 1,
    operation: entry.operation === 0 ? null : operations[entry.operation - 1],
    tensor: tensors[entry.tensor],
    gradient: valuesAt(entry.gradient),
    contributions: entry.contributions.map(part => ({ input: tensors[part.input], place: part.place, values: valuesAt(part.values) })),
  }));
  const bad = new Set(json.nonFinite);
  for (const entry of timeline) {
    if (entry.kind === "Forward") entry.operation.forwardEvent = entry.number;
    // −∞ that a mask wrote for a softmax is none of these.
    if (entry.kind === "Forward") entry.operation.isBad = bad.has(entry.number);
    if (entry.kind === "Backward") entry.operation.backwardEvents.push(entry);
  }
  return { ...json, values, tensors, operations, timeline, loss: json.loss < 0 ? null : tensors[json.loss] };
}

/** The last backward event of an operation up to the cursor, or null. */
export function backwardOf(operation, cursor) {
  return operation.backwardEvents.findLast(entry => entry.number <= cursor) ?? null;
}

/** How an event reads in a line. */
export function eventText(entry) {
  switch (entry.kind) {
    case "Forward": return `forward #${entry.operation.number} ${entry.operation.kind}`;
    case "Backward": return `backward #${entry.operation.number} ${entry.operation.kind}`;
    case "BackwardStart": return `backward pass ${entry.pass} begins at ${entry.tensor.label}`;
    default: return `gradient of ${entry.tensor.label} is forgotten`;
  }
}
