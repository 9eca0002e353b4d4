// Where to stop: every kind of breakpoint is a test of one event.

function globPattern(glob) {
  const escaped = glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  return new RegExp(`^${escaped}$`);
}

function touchedValues(entry) {
  if (entry.kind === "Forward") return [entry.tensor.values];
  return [entry.gradient, ...entry.contributions.map(part => part.values)].filter(values => values !== null);
}

const tests = {
  kind: text => entry => entry.operation?.kind.toLowerCase() === text.toLowerCase(),
  module: text => {
    const pattern = globPattern(text);
    return entry => entry.operation !== null && pattern.test(entry.operation.module);
  },
  nan: () => entry => touchedValues(entry).some(values => !values.statistics.isFinite),
  norm: text => {
    const bound = Number(text);
    return entry => touchedValues(entry).some(values => !(values.statistics.norm <= bound));
  },
  node: text => entry => entry.operation?.number === Number(text),
};

/** The kinds that can be added by hand, with what is to be typed for them. */
export const breakpointTypes = [
  { type: "kind", label: "operation kind", hint: "Softmax" },
  { type: "module", label: "module", hint: "encoder.*" },
  { type: "norm", label: "norm above", hint: "10" },
  { type: "nan", label: "NaN or infinity", hint: "" },
];

/** A breakpoint; fails with a message where the text does not fit. */
export function makeBreakpoint(type, text) {
  if (type !== "nan" && text.trim() === "") throw new Error("Say what to stop at.");
  if (type === "norm" && !Number.isFinite(Number(text))) throw new Error(`${text} is no number.`);
  const name = { kind: `kind ${text}`, module: `module ${text}`, nan: "NaN or infinity", norm: `norm > ${text}`, node: `operation #${text}` }[type];
  return { type, text, name, stopsAt: tests[type](text.trim()) };
}

/** The number of the next event, forwards (1) or backwards (−1), that a breakpoint stops at; the end where none does. */
export function nextStop(store, direction) {
  const last = store.model.timeline.length;
  for (let cursor = store.cursor + direction; cursor > 0 && cursor <= last; cursor += direction) {
    const entry = store.model.timeline[cursor - 1];
    if (store.breakpoints.some(breakpoint => breakpoint.stopsAt(entry))) return cursor;
  }
  return direction > 0 ? last : 0;
}

/** Sets or removes the breakpoint on an operation. */
export function toggleNodeBreakpoint(store, operation) {
  const text = String(operation.number);
  const others = store.breakpoints.filter(breakpoint => !(breakpoint.type === "node" && breakpoint.text === text));
  const isNew = others.length === store.breakpoints.length;
  store.set({ breakpoints: isNew ? [...others, makeBreakpoint("node", text)] : others });
}
