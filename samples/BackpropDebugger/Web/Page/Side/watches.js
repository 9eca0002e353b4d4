import { button, byId, element, graphic } from "../dom.js";
import { gradientStatisticsAt } from "../gradients.js";
import { shortNumber } from "../numbers.js";

// Watched gradients: the norm of each over the timeline as a small curve, with the cursor on it.

/** Begins or ends watching a tensor's gradient. */
export function toggleWatch(store, tensor) {
  const others = store.watches.filter(watched => watched !== tensor);
  store.set({ watches: others.length === store.watches.length ? [...others, tensor] : others });
}

// The gradient changes at few events: [event number, norm] of each, and 0 before the first.
async function changesOf(tensor, values) {
  const numbers = tensor.epochs.flatMap(epoch => [epoch.from, ...epoch.parts.map(part => part.event)]);
  const changes = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const statistics = await gradientStatisticsAt(tensor, number, values);
    // The norm is that of the finite elements; what else there is stands beside it.
    changes.push([number, statistics?.norm ?? 0, statistics ? statistics.nans + statistics.infinities : 0]);
  }
  return changes;
}

function sparkline(changes, last) {
  const largest = changes.reduce((most, [, norm]) => (Number.isFinite(norm) ? Math.max(most, norm) : most), 0) || 1;
  const x = number => (200 * number) / Math.max(1, last);
  const y = norm => 27 - 24 * Math.min(1, norm / largest);
  let path = `M0,${y(0)}`;
  for (const [number, norm] of changes) path += `H${x(number).toFixed(2)}V${y(norm).toFixed(2)}`;
  const cursor = graphic("line", { class: "cursor", y1: 0, y2: 30 });
  const picture = graphic("svg", { class: "sparkline", viewBox: "0 0 200 30", preserveAspectRatio: "none", "aria-hidden": "true" }, graphic("path", { d: `${path}H200` }),
    changes.filter(([, norm, strange]) => strange > 0 || !Number.isFinite(norm)).map(([number]) => graphic("line", { class: "strange", x1: x(number), x2: x(number), y1: 0, y2: 30 })), cursor);
  return { picture, cursor, x };
}

function normAt(changes, cursor) {
  const [, norm, strange] = changes.findLast(([number]) => number <= cursor) ?? [0, 0, 0];
  return strange > 0 ? `${shortNumber(norm)} + ${strange} NaN/∞` : shortNumber(norm);
}

/** Shows the watched gradients in the side bar. */
export function showWatches(store, values) {
  const list = byId("watches");
  const last = store.model.timeline.length;
  const shown = new Map();

  const add = async tensor => {
    const row = element("li", { class: "watch" });
    shown.set(tensor, { row, update: () => {} });
    list.append(row);
    try {
      const changes = await changesOf(tensor, values);
      const { picture, cursor, x } = sparkline(changes, last);
      const norm = element("output", { class: "number" });
      row.append(
        button(`‖∂L/∂${tensor.label}‖`, `Show ${tensor.label}`, () => store.select(tensor.producer ? { operation: tensor.producer } : { tensor }), { class: "name" }),
        norm, button("×", `Stop watching ${tensor.label}`, () => toggleWatch(store, tensor), { class: "quiet" }), picture);
      shown.get(tensor).update = () => {
        norm.textContent = normAt(changes, store.cursor);
        norm.classList.toggle("alarm", norm.textContent.includes("NaN"));
        cursor.setAttribute("x1", x(store.cursor));
        cursor.setAttribute("x2", x(store.cursor));
      };
      shown.get(tensor).update();
    } catch (error) {
      row.append(element("p", { class: "alarm" }, error.message));
    }
  };

  store.on(["watches"], () => {
    for (const [tensor, { row }] of shown) {
      if (store.watches.includes(tensor)) continue;
      row.remove();
      shown.delete(tensor);
    }
    store.watches.filter(tensor => !shown.has(tensor)).forEach(add);
    byId("no-watches").hidden = store.watches.length > 0;
  });
  store.on(["cursor"], () => shown.forEach(({ update }) => update()));
}
