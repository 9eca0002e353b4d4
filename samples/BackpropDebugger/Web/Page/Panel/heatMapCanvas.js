import { element } from "../dom.js";

// Heat maps too large for a table, painted on a canvas.

function colour(name) {
  const probe = element("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
  probe.remove();
  return [red, green, blue];
}

function mix(from, to, share) {
  return `rgb(${from.map((part, i) => Math.round(part + (to[i] - part) * share)).join(" ")})`;
}

/** A canvas with a cell for each element; what heatMap.js makes for large matrices. */
export function paintCells({ values, offset, rows, columns, stride, scale, read, choose, label, first, rowNames, columnNames }, strengthOf) {
  // Cells beside words are as high as a line of them.
  const size = Math.max(rowNames ? 14 : 3, Math.min(25, Math.floor((rowNames ? 330 : 412) / columns)));
  const positionOf = (row, column) => offset + row * stride + column;
  let [row, column] = [Math.floor((first - offset) / stride), (first - offset) % stride];
  const canvas = element("canvas", {
    width: columns * size, height: rows * size, tabindex: 0, role: "application", "aria-roledescription": "heat map",
    "aria-label": `${label}, ${rows} rows, ${columns} columns; arrow keys read the numbers, Enter explains one`,
    mousemove: event => move(...under(event)), focus: () => move(row, column),
    click: event => choose(positionOf(...under(event))),
    keydown: event => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (step) move(row + step[0], column + step[1]);
      else if (event.key === "Enter" || event.key === " ") choose(positionOf(row, column));
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  });
  const under = event => {
    const box = canvas.getBoundingClientRect();
    return [Math.floor(((event.clientY - box.top) / box.height) * rows), Math.floor(((event.clientX - box.left) / box.width) * columns)];
  };
  const context = canvas.getContext("2d");
  let colours;
  const paint = (atRow, atColumn) => {
    const value = values.data[positionOf(atRow, atColumn)];
    const strength = strengthOf(value, scale);
    context.fillStyle = !Number.isFinite(value) ? mix(colours.none, colours.none, 0) : mix(colours.middle, strength < 0 ? colours.negative : colours.positive, Math.abs(strength));
    context.fillRect(atColumn * size, atRow * size, size, size);
  };
  const frame = () => {
    context.strokeStyle = mix(colours.ink, colours.ink, 0);
    context.lineWidth = size > 6 ? 2 : 1;
    const inset = context.lineWidth / 2;
    context.strokeRect(column * size + inset, row * size + inset, size - 2 * inset, size - 2 * inset);
  };
  const move = (toRow, toColumn) => {
    paint(row, column);
    row = Math.max(0, Math.min(rows - 1, toRow));
    column = Math.max(0, Math.min(columns - 1, toColumn));
    read(positionOf(row, column));
    frame();
  };
  // The colours are those of the page, which the canvas is not yet part of.
  queueMicrotask(() => {
    colours = { middle: colour("--cell-zero"), positive: colour("--positive"), negative: colour("--negative"), none: colour("--nan"), ink: colour("--ink") };
    for (let i = 0; i < rows * columns; i++) paint(Math.floor(i / columns), i % columns);
    frame();
  });
  return element("div", { class: "scroll" }, rowNames ? withNames(canvas, size, rowNames.slice(0, rows), columnNames.slice(0, columns)) : canvas);
}

// The words of the axes, down the left side and upright above.
function withNames(canvas, size, rowNames, columnNames) {
  const names = (kind, words) => element("div", { class: kind, "aria-hidden": "true" }, words.map(word => element("span", { title: word }, word)));
  const named = element("div", { class: "named" }, names("column-names", columnNames), names("row-names", rowNames), canvas);
  named.style.setProperty("--size", `${size}px`);
  return named;
}
