import { element } from "../dom.js";
import { elementCount, indexOf, shortNumber } from "../numbers.js";
import { heatMap } from "./heatMap.js";

// One tensor in the panel: its statistics, and its last two axes as a heat map, with a choice of the axes before.

// A canvas is not to grow beyond what a browser paints.
const mostCells = 512;

/** Statistics in a line. */
export function statisticsLine(statistics, shape) {
  const parts = [`min ${shortNumber(statistics.min)}`, `max ${shortNumber(statistics.max)}`, `mean ${shortNumber(statistics.mean)}`, `norm ${shortNumber(statistics.norm)}`];
  const count = elementCount(shape);
  if (statistics.zeros > 0 && count > 1) parts.push(`${Math.round((100 * statistics.zeros) / count)} % zeros`);
  const line = element("p", { class: "statistics" }, parts.join(" · "));
  if (!statistics.isFinite) line.append(element("strong", { class: "alarm" }, ` ${statistics.nans} NaN, ${statistics.infinities} infinite`));
  return line;
}

/** The matrix of the last two axes at a slice of the axes before; a vector is one row. */
export function matrixOf(values, slice) {
  const { shape } = values;
  const columns = shape.at(-1) ?? 1;
  const rows = shape.length < 2 ? 1 : shape.at(-2);
  return { values, offset: slice * rows * columns, rows, columns, stride: columns };
}

// Blocks of a matrix that is too large for one picture, with their names: 0:512, :.
function blocksOf(values, slice) {
  const { shape } = values;
  const whole = matrixOf(values, slice);
  const range = (from, size, all) => (size === all ? ":" : `${from}:${from + size}`);
  const blocks = [];
  for (let row = 0; row < whole.rows; row += mostCells) {
    for (let column = 0; column < whole.columns; column += mostCells) {
      const rows = Math.min(mostCells, whole.rows - row);
      const columns = Math.min(mostCells, whole.columns - column);
      const last = shape.length < 2 ? [range(column, columns, whole.columns)] : [range(row, rows, whole.rows), range(column, columns, whole.columns)];
      blocks.push({ values, offset: whole.offset + row * whole.stride + column, rows, columns, stride: whole.stride, name: last.join(", ") });
    }
  }
  return blocks;
}

function holds(block, position) {
  const away = position - block.offset;
  return away >= 0 && away % block.stride < block.columns && Math.floor(away / block.stride) < block.rows;
}

/** The heat map with its statistics. options as in heatMap, and slice names. */
export function tensorView(values, options) {
  const { shape } = values;
  if (elementCount(shape) === 0) return element("p", { class: "muted" }, "no elements");
  const holder = element("div", {});
  // The place of a slice: an index for each axis before the last two, and which block of the matrix.
  const leading = shape.slice(0, -2);
  const matrixSize = elementCount(shape.slice(-2));
  const selected = options.selected >= 0 ? options.selected : 0;
  const index = indexOf(Math.floor(selected / matrixSize), leading);
  const blocks = () => blocksOf(values, index.reduce((slice, at, axis) => slice * leading[axis] + at, 0));
  let block = Math.max(0, blocks().findIndex(candidate => holds(candidate, selected)));
  const show = () => holder.replaceChildren(heatMap(blocks()[block], options));
  show();
  const list = (label, texts, at, change) => element("select", { "aria-label": `${label} of ${options.label}`, change: event => { change(Number(event.target.value)); show(); } },
    texts.map((text, i) => element("option", { value: i, selected: i === at }, text)));
  const axes = leading.map((size, axis) => size > 1 && list(`Axis ${axis}`, Array.from({ length: size }, (_, i) => String(i)), index[axis], i => { index[axis] = i; }));
  const parts = blocks().length > 1 && list("Block", blocks().map(part => part.name), block, i => { block = i; });
  const choice = (parts || axes.some(Boolean)) && element("span", { class: "slice" }, "slice [", axes.flatMap(axis => [axis || "0", ", "]), parts || (shape.length === 1 ? ":" : ":, :"), "]");
  return element("div", { class: "tensor" }, element("div", { class: "row" }, statisticsLine(values.statistics, shape), choice), holder);
}
