// Numbers and indexes as text: short where there is little room, with every digit where one reads or copies.

/** Four significant digits, at most eight characters. */
export function shortNumber(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1).replace("e+", "e").replace("-", "−").replace("e-", "e−");
  return String(Number(value.toPrecision(size < 1 ? 3 : 4))).replace("-", "−");
}

/** As many digits as bring back the same bits in this precision. */
export function fullNumber(value, dtype = "Float64") {
  if (Object.is(value, -0)) return "-0";
  if (dtype === "Float64" || !Number.isFinite(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

/** A name within so many characters: its end is what tells names apart. */
export function shortName(name, most) {
  const characters = Array.from(name);
  return characters.length <= most ? name : `…${characters.slice(1 - most).join("")}`;
}

export function shapeText(shape) {
  return `[${shape.join(", ")}]`;
}

/** The index of a row-major position: 5 in [2, 3] is [1, 2]. */
export function indexOf(position, shape) {
  const index = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(position % shape[axis]);
    position = Math.floor(position / shape[axis]);
  }
  return index;
}

export function indexText(position, shape) {
  return shape.length === 0 ? "" : shapeText(indexOf(position, shape));
}

export function elementCount(shape) {
  return shape.reduce((product, size) => product * size, 1);
}

/** The position that one looks at first: a number that is none, else the largest in size. */
export function tellingPosition(values) {
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return i;
    if (Math.abs(values[i]) > Math.abs(values[best])) best = i;
  }
  return best;
}
