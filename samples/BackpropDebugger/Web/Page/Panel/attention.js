import { element } from "../dom.js";
import { shapeText } from "../numbers.js";
import { heatMap } from "./heatMap.js";
import { matrixOf } from "./tensorView.js";

// Attention weights: a heat map for each head, with the words on its axes.

/** The attention weights that an operation made, or null: what a fused attention saved, or a softmax over [batch, head, target, source]. */
export function attentionOf(operation) {
  const saved = operation.saved.find(item => item.name === "weights")?.values;
  if (saved?.shape.length === 4) return saved;
  return operation.kind === "Softmax" && operation.output.shape.length === 4 ? operation.output.values : null;
}

// Which sentence lies along an axis of this length: the module's place in the model says it, else the number of words.
function wordsFor(model, operation, shape, batch) {
  const { source, target } = model.words;
  const inDecoder = /(^|\.)decoder\b/.test(operation.module);
  const isCross = /multihead_attn|cross/.test(operation.module);
  const fits = (sentences, length) => sentences?.[batch]?.length === length;
  const pick = (preferred, other, length) => (fits(preferred, length) ? preferred[batch] : fits(other, length) ? other[batch] : null);
  const rows = inDecoder || isCross ? pick(target, source, shape[2]) : pick(source, target, shape[2]);
  const columns = inDecoder && !isCross ? pick(target, source, shape[3]) : pick(source, target, shape[3]);
  const numbers = length => Array.from({ length }, (_, i) => String(i));
  return { rowNames: rows ?? numbers(shape[2]), columnNames: columns ?? numbers(shape[3]) };
}

/** The heads of one sentence side by side, and a choice of the sentence. */
export function attentionView(model, operation, values, choose) {
  const [batches, heads] = values.shape;
  // Two heads stand side by side as long as their words have room.
  const holder = element("div", { class: values.shape[3] > 3 ? "heads" : "heads paired" });
  const show = batch => {
    const names = wordsFor(model, operation, values.shape, batch);
    holder.replaceChildren(...Array.from({ length: heads }, (_, head) => element("section", {},
      element("h4", {}, `head ${head}`),
      heatMap(matrixOf(values, batch * heads + head), { ...names, label: `Attention weights of head ${head}, target down, source across`, largest: 1, choose }))));
  };
  show(0);
  const choice = batches > 1 && element("label", { class: "slice" }, "sentence ",
    element("select", { "aria-label": "Sentence of the batch", change: event => show(Number(event.target.value)) },
      Array.from({ length: batches }, (_, i) => element("option", { value: i }, String(i)))));
  return element("div", {}, element("div", { class: "row" }, element("p", { class: "statistics" }, `target ↓ source →  ${shapeText(values.shape)}`), choice), holder);
}
