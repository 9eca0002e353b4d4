import { button, element } from "../dom.js";
import { shortNumber } from "../numbers.js";

// Where a number comes from: causes that have a name, the largest contributions, and the path lit up in the graph.

async function ask(store, engine, tensor, position, isValue) {
  if (isValue) return engine.answer(`why/value/${tensor.id}/${position}`);
  const path = events => `why/gradient/${tensor.id}/${position}/${events}`;
  const last = store.model.timeline.length;
  // A file has the answers for the end of the recording.
  const events = engine.has(path(store.cursor)) ? store.cursor : last;
  return { ...(await engine.answer(path(events))), isAtEnd: events !== store.cursor };
}

/** Lights up the path and puts the report below the formula; returns what to say where there is none. */
export async function showWhy(store, engine, tensor, position, isValue) {
  const report = await ask(store, engine, tensor, position, isValue).catch(error => ({ error: error.message }));
  if (report.error) return element("p", { class: report.isMissing ? "muted" : "alarm" }, report.error);
  // It stays in the panel while its steps are walked, until the path is cleared.
  const shown = showReport(store, report);
  store.set({ why: { ...store.why, report: shown } });
  return null;
}

/** Where the first number that is none came from. */
export async function showWhyNonFinite(store, engine) {
  const report = await engine.answer("why/nonfinite").catch(error => ({ error: error.message }));
  return report.error ? element("p", { class: "alarm" }, report.error) : showReport(store, report);
}

function showReport(store, report) {
  const { timeline, tensors, operations } = store.model;
  const path = report.steps.map(step => ({ tensor: tensors[step.tensor], operation: timeline[step.event - 1]?.operation ?? tensors[step.tensor].producer }));
  store.set({ why: { path, nodes: new Set(), edges: new Set() } });
  const goTo = operation => () => store.select({ operation });
  return element("div", { class: "why-report" },
    element("h4", {}, report.question, report.isAtEnd && element("span", { class: "muted" }, " at the end of the recording")),
    report.causes.map(cause => element("p", { class: "cause" }, element("strong", {}, cause.name), ` ${cause.text} `,
      cause.operation > 0 && button(`#${cause.operation}`, `Show operation ${cause.operation}`, goTo(operations[cause.operation - 1])))),
    element("ol", {}, report.steps.map((step, i) => element("li", {},
      button(step.text, `Go to event ${step.event}`, () => store.moveTo(step.event), { class: "step", "data-focus-name": `step ${i}` }),
      element("meter", { min: 0, max: 1, value: step.share, title: `${Math.round(100 * step.share)} % of this stretch, ${shortNumber(step.amount)}`, "aria-label": `share ${Math.round(100 * step.share)} %` })))),
    button("Clear path", "Take the path's light off the graph", () => store.set({ why: null }), { class: "quiet" }));
}
