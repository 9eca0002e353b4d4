import { element } from "../dom.js";
import { fullNumber, indexText, shortNumber } from "../numbers.js";
import { paintCells } from "./heatMapCanvas.js";

// A matrix as coloured cells. Small ones show their numbers in a table; large ones are painted. In both every number can
// be read by pointing at it or by moving to it with the arrow keys.

const mostTableCells = 144;
const mostTableColumns = 12;

/** How strong the colour of a value is: −1 to 1 about 0, the largest size being 1. */
export function strengthOf(value, largest) {
  return largest === 0 || !Number.isFinite(value) ? 0 : value / largest;
}

function largestSize(data) {
  let largest = 0;
  for (const value of data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/**
 * A matrix of a tensor.
 * matrix: { values, offset, rows, columns, stride } – the first element's position and how far apart rows lie in the data.
 * options: label; rowNames, columnNames; selected position; choose(position) when a cell is clicked or Enter is pressed.
 */
export function heatMap(matrix, options) {
  const { values, offset, rows, columns, stride } = matrix;
  const scale = options.largest ?? largestSize(values.data);
  const readout = element("output", { class: "readout", "aria-live": "polite" });
  const read = position => {
    const names = options.rowNames ? ` ${options.rowNames[Math.floor((position - offset) / stride)] ?? ""} → ${options.columnNames[(position - offset) % stride] ?? ""}` : "";
    readout.textContent = `${indexText(position, values.shape)}${names} = ${fullNumber(values.data[position], values.dtype)}`;
  };
  const away = (options.selected ?? -1) - offset;
  const isHere = away >= 0 && away % stride < columns && Math.floor(away / stride) < rows;
  const first = isHere ? options.selected : mostTelling(matrix);
  const cells = { ...matrix, scale, read, rowNames: options.rowNames, columnNames: options.columnNames, choose: options.choose ?? (() => {}), label: options.label, first, chosen: isHere ? first : -1 };
  const isTable = columns <= mostTableColumns && rows * columns <= mostTableCells;
  const shown = isTable ? cellTable(cells, options) : paintCells(cells, strengthOf);
  read(first);
  return element("figure", { class: "heatmap" }, shown, readout);
}

function mostTelling({ values, offset, rows, columns, stride }) {
  let best = offset;
  for (let i = 0; i < rows * columns; i++) {
    const position = offset + Math.floor(i / columns) * stride + (i % columns);
    if (!Number.isFinite(values.data[position])) return position;
    if (Math.abs(values.data[position]) > Math.abs(values.data[best])) best = position;
  }
  return best;
}

function cellClass(value, strength) {
  return Number.isNaN(value) ? "nan" : !Number.isFinite(value) ? "infinite" : strength < 0 ? "negative" : "positive";
}

function cellTable({ values, offset, rows, columns, stride, scale, read, choose, label, first, chosen }, { rowNames, columnNames }) {
  const all = [];
  const focus = (row, column) => all[Math.max(0, Math.min(rows - 1, row)) * columns + Math.max(0, Math.min(columns - 1, column))].focus();
  const body = Array.from({ length: rows }, (_, row) => element("tr", {},
    rowNames && element("th", { scope: "row", title: rowNames[row] ?? "" }, rowNames[row] ?? ""),
    Array.from({ length: columns }, (_, column) => {
      const position = offset + row * stride + column;
      const value = values.data[position];
      const strength = strengthOf(value, scale);
      const cell = element("td", {
        tabindex: position === first ? 0 : -1,
        class: `${cellClass(value, strength)}${position === chosen ? " chosen" : ""}`,
        "data-value": fullNumber(value, values.dtype), "data-position": position,
        "aria-label": `${indexText(position, values.shape)} ${fullNumber(value, values.dtype)}`,
        mouseenter: () => read(position), focus: () => read(position), click: () => choose(position),
        keydown: event => {
          const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
          if (step) focus(row + step[0], column + step[1]);
          else if (event.key === "Enter" || event.key === " ") choose(position);
          else return;
          event.preventDefault();
          event.stopPropagation();
        },
      }, shortNumber(value));
      cell.style.setProperty("--strength", Math.abs(strength).toFixed(3));
      all.push(cell);
      return cell;
    })));
  const head = columnNames && element("thead", {}, element("tr", {}, element("td", {}), columnNames.slice(0, columns).map(name => element("th", { scope: "col", title: name }, name))));
  return element("div", { class: "scroll" }, element("table", { class: "cells", role: "grid", "aria-label": label }, head, element("tbody", {}, body)));
}
