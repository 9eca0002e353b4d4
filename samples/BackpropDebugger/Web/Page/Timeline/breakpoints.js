// Where to stop. A breakpoint is what the command "break" takes (kind Softmax). The common kinds are tests of one event,
// done here; any other condition only the session behind a served page understands.

/** Names with wildcards as the session has them: * for any text, ? for one character. */
function globPattern(glob) {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[^]*").replace(/\?/g, "[^]");
  return new RegExp(`^${escaped}$`, "u");
}

function producedValues(entry) {
  if (entry.kind === "Forward") return [entry.tensor.values];
  return entry.gradient ? [entry.gradient, ...entry.contributions.map(part => part.values)] : [];
}

function isInside(module, outer) {
  return module === outer || module.startsWith(`${outer}.`);
}

// The module itself and all around it, outermost first.
function withOuter(module) {
  const parts = module.split(".");
  return module === "" ? [] : parts.map((_, i) => parts.slice(0, i + 1).join("."));
}

function some(names, pattern, what, glob) {
  if (!names.some(name => pattern.test(name))) throw new Error(`There is no ${what} ${glob}.`);
}

// Each makes a test of an event from the text behind its word; it fails where the text means nothing.
const tests = {
  kind: (model, glob) => {
    const pattern = globPattern(glob);
    some(model.operations.map(operation => operation.kind), pattern, "operation", glob);
    return entry => entry.operation !== null && pattern.test(entry.operation.kind);
  },
  module: (model, glob) => {
    const pattern = globPattern(glob);
    some(model.operations.flatMap(operation => withOuter(operation.module)), pattern, "module", glob);
    const moduleAt = number => model.timeline[number - 1]?.operation?.module ?? "";
    // Where it is entered: the event before was not in it.
    return entry => {
      const module = withOuter(moduleAt(entry.number)).find(name => pattern.test(name));
      return module !== undefined && !isInside(moduleAt(entry.number - 1), module);
    };
  },
  parameter: (model, glob) => {
    const pattern = globPattern(glob);
    // A name without a version means all versions of an edited tensor; the first of them is name@1.
    const edited = new Set(model.tensors.filter(tensor => tensor.version > 1).map(tensor => tensor.name));
    const nameOf = tensor => (tensor.name === "" ? tensor.label
      : !glob.includes("@") ? tensor.name : tensor.version === 1 && edited.has(tensor.name) ? `${tensor.name}@1` : tensor.label);
    const isMeant = tensor => pattern.test(nameOf(tensor));
    some(model.tensors.map(nameOf), pattern, "tensor", glob);
    return entry => (entry.kind === "Forward" ? entry.operation.inputs.some(isMeant)
      : entry.kind === "Backward" ? entry.contributions.some(part => isMeant(part.input)) : isMeant(entry.tensor));
  },
  shape: (_, brackets) => {
    const list = brackets.trim().replace(/^\[|\]$/g, "");
    const sizes = list.trim() === "" ? [] : list.split(",").map(size => size.trim());
    const wrong = sizes.find(size => !/^(\*|\d+)$/.test(size));
    if (wrong !== undefined) throw new Error(`'${wrong}' is no size; a shape is such as [2, *].`);
    return entry => entry.operation !== null && entry.operation.output.shape.length === sizes.length
      && entry.operation.output.shape.every((size, axis) => sizes[axis] === "*" || Number(sizes[axis]) === size);
  },
  norm: (_, bound) => {
    if (bound.trim() === "" || Number.isNaN(Number(bound))) throw new Error(`${bound} is no number.`);
    return entry => producedValues(entry).some(values => values.statistics.norm > Number(bound));
  },
  nan: model => {
    const events = new Set(model.nonFinite);
    return entry => events.has(entry.number);
  },
  node: (_, number) => entry => entry.operation?.number === Number(number),
};

/** The kinds that can be added by hand, with what is to be typed for them. */
export const breakpointTypes = [
  { type: "kind", label: "operation kind", hint: "Softmax" },
  { type: "module", label: "module entered", hint: "encoder.*" },
  { type: "parameter", label: "parameter touched", hint: "*.linear1.weight" },
  { type: "norm", label: "norm above", hint: "10" },
  { type: "nan", label: "NaN or infinity", hint: "" },
  { type: "shape", label: "output shape", hint: "[2, *]" },
  { type: "condition", label: "condition (as break)", hint: "norm x.grad > 10", isLive: true },
];

// How the command has each kind, and how it is found again in what the session lists.
const forms = [
  { type: "kind", write: text => `kind ${quoted(text)}`, read: /^kind ([^\s"]+)$/ },
  { type: "module", write: text => `module ${quoted(text)}`, read: /^module ([^\s"]+)$/ },
  { type: "parameter", write: text => `parameter ${quoted(text)}`, read: /^parameter ([^\s"]+)$/ },
  { type: "shape", write: text => `shape [${text.trim().replace(/^\[|\]$/g, "")}]`, read: /^shape (\[[^\]]*\])$/ },
  { type: "norm", write: text => `norm any > ${text}`, read: /^norm any > (\S+)$/ },
  { type: "nan", write: () => "nan", read: /^(nan)$/ },
  { type: "node", write: text => `if operation == ${text}`, read: /^if operation == (\d+)$/ },
];

// Names that hold blanks or marks stand in quotes.
function quoted(name) {
  return /[\s()<>=!~,[\]]/.test(name) ? `"${name}"` : name;
}

/** A breakpoint of a kind; fails with a message where the text does not fit. A condition is the session's to test. */
export function makeBreakpoint(model, type, typed) {
  const text = typed.trim();
  if (type !== "nan" && text === "") throw new Error("Say what to stop at.");
  if (type === "condition") return { type, command: text, name: text, isEnabled: true, stopsAt: () => false };
  // Kinds are found in any case, and then called as they are.
  const known = type === "kind" ? (model.operations.find(operation => operation.kind.toLowerCase() === text.toLowerCase())?.kind ?? text) : text;
  const command = forms.find(form => form.type === type).write(known);
  const name = { nan: "NaN or infinity", norm: `norm > ${known}`, node: `operation #${known}` }[type] ?? command;
  return { type, command, name, isEnabled: true, operation: type === "node" ? Number(known) : 0, stopsAt: tests[type](model, known) };
}

/** The breakpoint that the session lists by such a text. */
export function readBreakpoint(model, command, isEnabled = true) {
  for (const { type, read } of forms) {
    const found = read.exec(command);
    if (found) {
      try {
        return { ...makeBreakpoint(model, type, found[1]), command, isEnabled };
      } catch {
        // The session took it, so it is for the session to test.
      }
    }
  }
  return { ...makeBreakpoint(model, "condition", command), isEnabled };
}

/** Whether one of the page's own kinds stops at an event. */
export function stopsAt(store, entry) {
  return store.breakpoints.some(breakpoint => breakpoint.isEnabled && breakpoint.stopsAt(entry));
}

/** The number of the next event, forwards (1) or backwards (−1), that one of the page's own kinds stops at; the end where none does. */
export function nextStop(store, direction) {
  const last = store.model.timeline.length;
  for (let cursor = store.cursor + direction; cursor > 0 && cursor <= last; cursor += direction) {
    if (stopsAt(store, store.model.timeline[cursor - 1])) return cursor;
  }
  return direction > 0 ? last : 0;
}

/** Whether there is a breakpoint on an operation. */
export function hasNodeBreakpoint(store, operation) {
  return store.breakpoints.some(breakpoint => breakpoint.operation === operation.number);
}

/** Sets or removes the breakpoint on an operation. */
export function toggleNodeBreakpoint(store, operation) {
  const others = store.breakpoints.filter(breakpoint => breakpoint.operation !== operation.number);
  const isNew = others.length === store.breakpoints.length;
  store.set({ breakpoints: isNew ? [...others, makeBreakpoint(store.model, "node", String(operation.number))] : others });
}
