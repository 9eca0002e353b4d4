import { button, element } from "../dom.js";
import { gradientAt } from "../gradients.js";
import { indexText, shortName, tellingPosition } from "../numbers.js";
import { showDifference } from "./difference.js";
import { showWhy } from "./why.js";

// The formula of the chosen element with its numbers, and the two questions one may ask about it.

function title(operation, tensor, backward, place) {
  if (place === "gradient") return "Gradient";
  if (place === "output") return operation ? "Forward" : "Value";
  return `Backward, to ${inputName(backward.operation, place)}`;
}

/** What an input is called; with its place where the operation reads the tensor more than once. */
export function inputName({ inputs }, place) {
  const isTwice = inputs.filter(tensor => tensor === inputs[place]).length > 1;
  return `${inputs[place].label}${isTwice ? ` (input ${place})` : ""}`;
}

/** What is explained when nobody has chosen: the derivative after backward, else the output; the most telling element. */
async function chosen(store, values, operation, backward, tensor) {
  if (store.element) return store.element;
  const contribution = backward?.contributions[0];
  const place = contribution ? contribution.place : operation ? "output" : "gradient";
  const item = contribution?.values ?? (operation ?? {}).output?.values;
  try {
    const { data } = item ? await values.get(item) : ((await gradientAt(tensor, store.cursor, values)) ?? (await values.get(tensor.values)));
    return { place, position: tellingPosition(data) };
  } catch {
    return { place, position: 0 };
  }
}

async function formula(engine, operation, backward, { place, position }) {
  const path = place === "output" ? `explain/forward/${operation.number}/${position}` : `explain/backward/${backward.number}/${place}/${position}`;
  const answer = await engine.answer(path).catch(error => ({ error: error.message }));
  if (answer.error) return element("p", { class: answer.isMissing ? "muted" : "alarm" }, answer.error);
  return element("div", { class: "formula" }, element("p", { class: "general" }, answer.general), element("p", { class: "line" }, answer.line));
}

/** The section at the top of the panel; operation is null for a leaf. */
export async function showExplanation(store, engine, values, operation, backward, tensor = operation.output) {
  const hasRun = !operation || operation.forwardEvent <= store.cursor;
  if (!hasRun) return null;
  let at = await chosen(store, values, operation, backward, tensor);
  if (typeof at.place === "number" && !backward) at = { place: "output", position: at.position };
  const about = typeof at.place === "number" ? operation.inputs[at.place] : tensor;
  const isValue = at.place === "output";
  const answers = element("div", { class: "answers" });
  const ask = show => async () => answers.replaceChildren(...[await show()].filter(Boolean));
  const places = operation ? ["output", ...(backward?.contributions.map(part => part.place) ?? [])] : [];
  const choice = places.length > 1 && element("div", { class: "choice", role: "group", "aria-label": "Which formula" },
    places.map(place => button(place === "output" ? "forward" : `∂L/∂${shortName(inputName(operation, place).split(".").slice(-2).join("."), 32)}`, `Formula of ${place === "output" ? "the output" : `input ${place}`}`,
      async () => {
        const item = place === "output" ? operation.output.values : backward.contributions.find(part => part.place === place).values;
        const data = await values.get(item).then(found => found.data, () => [0]);
        store.set({ element: { place, position: tellingPosition(data) } });
      }, { "aria-pressed": String(place === at.place), "data-focus-name": `formula ${place}` })));
  return element("section", { class: "explanation", "aria-label": "Formula" },
    element("h3", {}, title(operation, tensor, backward, at.place), element("code", {}, ` ${about.label}${isValue ? "" : ".grad"}${indexText(at.position, about.shape)}`)),
    choice,
    operation && at.place !== "gradient" && (await formula(engine, operation, backward, at)),
    element("div", { class: "actions" },
      button("Why?", "Where this number comes from (y)", ask(() => showWhy(store, engine, about, at.position, isValue)), { id: "why", "data-focus-name": "why" }),
      about.requiresGradient && button("Finite difference", "Check this gradient by perturbing the element (d)", ask(() => showDifference(engine, about, at.position)), { id: "difference", "data-focus-name": "difference" })),
    answers);
}
