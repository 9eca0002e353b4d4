import { element, graphic } from "../dom.js";
import { fullNumber, shortNumber } from "../numbers.js";

// What a finite difference says of the recorded gradient.

function curve(points, replayed) {
  // Relative error over the step size, both on logarithmic axes: it falls with h² until rounding takes over.
  const finite = points.map(([step, difference]) => [Math.log10(Number(step)), Math.log10(Math.max(1e-16, Math.abs(Number(difference) - replayed) / Math.max(1e-300, Math.abs(replayed))))])
    .filter(point => point.every(Number.isFinite));
  if (finite.length < 2) return null;
  const range = index => [Math.min(...finite.map(point => point[index])), Math.max(...finite.map(point => point[index]))];
  const [left, right] = range(0);
  const [low, high] = range(1);
  const place = ([x, y]) => [8 + (284 * (x - left)) / (right - left || 1), 52 - (44 * (y - low)) / (high - low || 1)];
  return element("figure", { class: "curve" },
    graphic("svg", { viewBox: "0 0 300 60", role: "img", "aria-label": `Relative error from 10^${high.toFixed(0)} to 10^${low.toFixed(0)} over step sizes from 10^${left.toFixed(0)} to 10^${right.toFixed(0)}` },
      graphic("polyline", { points: finite.map(point => place(point).map(x => x.toFixed(1)).join(",")).join(" ") }),
      finite.map(point => graphic("circle", { cx: place(point)[0].toFixed(1), cy: place(point)[1].toFixed(1), r: 2.5 }))),
    element("figcaption", {}, `relative error over h: h = 10^${left.toFixed(0)} … 10^${right.toFixed(0)}, error 10^${low.toFixed(0)} … 10^${high.toFixed(0)}`));
}

/** The report of one element. */
export async function showDifference(engine, tensor, position) {
  const answer = await engine.answer(`difference/gradient/${tensor.id}/${position}`).catch(error => ({ error: error.message }));
  if (answer.error) return element("p", { class: answer.isMissing ? "muted" : "alarm" }, answer.error);
  const row = (name, value) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, fullNumber(Number(value))));
  const verdict = !answer.agrees ? "disagrees" : answer.hasKink ? "kink" : "agrees";
  const text = { kink: "⚠ The loss has a kink here: its one-sided slopes differ, so there is no derivative to compare with.", agrees: "✓ The gradient agrees with the difference.", disagrees: "✗ The gradient disagrees with the difference." }[verdict];
  return element("div", { class: `difference ${verdict}` },
    element("p", { class: "verdict" }, text, element("span", { class: "muted" }, ` relative error ${shortNumber(Number(answer.relativeError))}`)),
    element("table", {}, row("recorded", answer.recorded), row("replayed in Float64", answer.replayed), row("central difference", answer.difference),
      answer.hasKink && [row("slope to the left", answer.leftSlope), row("slope to the right", answer.rightSlope)]),
    answer.branchChanges.length > 0 && element("p", { class: "alarm" }, `The Float64 replay takes another branch in ${answer.branchChanges.join(", ")}.`),
    curve(answer.curve, Number(answer.replayed)));
}
