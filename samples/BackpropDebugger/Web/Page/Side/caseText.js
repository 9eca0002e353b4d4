import { button, byId, element } from "../dom.js";
import { showWhyNonFinite } from "../Panel/why.js";

// Title, the case's own text, and what the recording says about itself.

/** Shows what stands around the recording. */
export function showCase(store, engine) {
  const { model } = store;
  document.title = model.title;
  byId("title").textContent = model.title;
  byId("mode").textContent = engine.isLive ? "live" : "file";
  byId("case").append(
    ...model.text.split("\n").filter(line => line.trim() !== "").map(line => element("p", {}, line)),
    element("p", { class: "muted" }, `${model.operations.length} operations, ${model.timeline.length} events, ${model.tensors.filter(tensor => tensor.isParameter).length} parameters.`),
    ...model.facts.map(([name, text]) => element("p", { class: "muted" }, `${name}: ${text}`)));
  if (!engine.isLive) byId("case").append(element("p", { class: "muted" }, engine.limits));
  for (const [axis, sentences] of Object.entries(model.words)) {
    byId("case").append(element("p", { class: "words" }, element("span", { class: "muted" }, `${axis} `), sentences.map(sentence => sentence.join(" ")).join(" / ")));
  }
  // −∞ that a mask wrote before a softmax is no trouble.
  const isTrouble = operation => operation.output.values.statistics.nans > 0
    || (operation.kind !== "Where" && operation.output.values.statistics.infinities > 0 && operation.inputs.every(input => input.values.statistics.isFinite));
  if (!model.operations.some(isTrouble) && !model.values.some(item => item.statistics.nans > 0)) return;
  const answer = element("div");
  byId("case").append(button("Why NaN?", "Where the first NaN or infinity came from", async () => answer.replaceChildren(await showWhyNonFinite(store, engine))), answer);
}
