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
export function paintCells({ values, offset, rows, columns, scale, read, choose, label, first }, strengthOf) {
  const size = Math.max(3, Math.min(25, Math.floor(412 / columns)));
  let at = first;
  const canvas = element("canvas", {
    width: columns * size, height: rows * size, tabindex: 0, role: "application", "aria-roledescription": "heat map",
    "aria-label": `${label}, ${rows} rows, ${columns} columns; arrow keys read the numbers, Enter explains one`,
    mousemove: event => move(under(event)), click: event => choose(under(event)), focus: () => move(at),
    keydown: event => {
      const step = { ArrowUp: -columns, ArrowDown: columns, ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step !== undefined) move(at + step);
      else if (event.key === "Enter" || event.key === " ") choose(at);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  });
  const under = event => {
    const box = canvas.getBoundingClientRect();
    const row = Math.min(rows - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * rows)));
    const column = Math.min(columns - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * columns)));
    return offset + row * columns + column;
  };
  const context = canvas.getContext("2d");
  const draw = () => {
    const [middle, positive, negative, none, ink] = ["--cell-zero", "--positive", "--negative", "--nan", "--ink"].map(colour);
    for (let i = 0; i < rows * columns; i++) {
      const value = values.data[offset + i];
      const strength = strengthOf(value, scale);
      context.fillStyle = Number.isFinite(value) ? mix(middle, strength < 0 ? negative : positive, Math.abs(strength)) : mix(none, none, 0);
      context.fillRect((i % columns) * size, Math.floor(i / columns) * size, size, size);
    }
    context.strokeStyle = mix(ink, ink, 0);
    context.lineWidth = 1.5;
    context.strokeRect(((at - offset) % columns) * size + 0.75, Math.floor((at - offset) / columns) * size + 0.75, size - 1.5, size - 1.5);
  };
  const move = position => {
    if (position < offset || position >= offset + rows * columns) return;
    at = position;
    read(at);
    draw();
  };
  // The colours are those of the page, which the canvas is not yet part of.
  queueMicrotask(draw);
  return element("div", { class: "scroll" }, canvas);
}
