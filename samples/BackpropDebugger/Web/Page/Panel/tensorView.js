import { element } from "../dom.js";
import { elementCount, shapeText, shortNumber } from "../numbers.js";
import { heatMap } from "./heatMap.js";

// One tensor in the panel: its statistics, and its last two axes as a heat map, with a choice of the axes before.

/** Statistics in a line. */
export function statisticsLine(statistics, shape) {
  const parts = [`min ${shortNumber(statistics.min)}`, `max ${shortNumber(statistics.max)}`, `mean ${shortNumber(statistics.mean)}`, `norm ${shortNumber(statistics.norm)}`];
  const count = elementCount(shape);
  if (statistics.zeros > 0 && count > 1) parts.push(`${Math.round((100 * statistics.zeros) / count)} % zeros`);
  const line = element("p", { class: "statistics" }, parts.join(" · "));
  if (!statistics.isFinite) line.append(element("strong", { class: "alarm" }, ` ${statistics.nans} NaN, ${statistics.infinities} infinite`));
  return line;
}

/** Rows and columns of the last two axes; a vector is one row. */
export function matrixOf(values, slice) {
  const { shape } = values;
  const columns = shape.at(-1) ?? 1;
  const rows = shape.length < 2 ? 1 : shape.at(-2);
  return { values, offset: slice * rows * columns, rows, columns };
}

/** How many matrices of the last two axes a shape holds. */
export function sliceCount(shape) {
  return elementCount(shape.slice(0, -2));
}

function sliceName(slice, shape) {
  const index = [];
  for (let axis = shape.length - 3; axis >= 0; axis--) {
    index.unshift(slice % shape[axis]);
    slice = Math.floor(slice / shape[axis]);
  }
  return shapeText([...index, ":", ":"]);
}

/** The heat map with its statistics. options as in heatMap, and slice names. */
export function tensorView(values, options) {
  const { shape } = values;
  if (elementCount(shape) === 0) return element("p", { class: "muted" }, "no elements");
  const holder = element("div", {});
  const count = sliceCount(shape);
  const size = (shape.at(-1) ?? 1) * (shape.length < 2 ? 1 : shape.at(-2));
  const show = slice => holder.replaceChildren(heatMap(matrixOf(values, slice), options));
  const first = options.selected >= 0 ? Math.floor(options.selected / size) : 0;
  show(first);
  const choice = count > 1 && element("label", { class: "slice" }, "slice ",
    element("select", { "aria-label": `Slice of ${options.label}`, change: event => show(Number(event.target.value)) },
      Array.from({ length: Math.min(count, 512) }, (_, i) => element("option", { value: i, selected: i === first }, sliceName(i, shape)))));
  return element("div", { class: "tensor" }, element("div", { class: "row" }, statisticsLine(values.statistics, shape), choice), holder);
}
