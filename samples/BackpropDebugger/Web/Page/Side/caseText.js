import { button, byId, element } from "../dom.js";
import { showWhyNonFinite } from "../Panel/why.js";

// Title, the case's own text, and what the recording says about itself.

/** Lines as the terminal shows them: paragraphs, and indented "command  what it does". */
function paragraphs(text) {
  const shown = [];
  let lines = [];
  const end = () => {
    if (lines.length > 0) shown.push(element("p", {}, lines.join(" ")));
    lines = [];
  };
  for (const line of text.split("\n")) {
    const command = /^\s{2,}(\S.*?)(?:\s{2,}(.*))?$/.exec(line);
    if (command && command[2] === undefined && command[1].endsWith(".")) {
      // An indented sentence is a point of a list.
      end();
      shown.push(element("p", { class: "point" }, command[1]));
    } else if (command) {
      end();
      shown.push(element("dl", {}, element("dt", {}, element("code", {}, command[1])), command[2] && element("dd", {}, command[2])));
    } else if (line.trim() === "") end();
    else lines.push(line.trim());
  }
  end();
  return shown;
}

/** Shows what stands around the recording. */
export function showCase(store, engine) {
  const { model } = store;
  document.title = model.title;
  byId("title").textContent = model.title;
  byId("mode").textContent = engine.isLive ? "live" : "file";
  byId("case").append(
    ...paragraphs(model.text),
    element("details", {}, element("summary", {}, `${model.operations.length} operations, ${model.timeline.length} events`),
      model.facts.map(([name, text]) => element("p", { class: "muted" }, `${name}: ${text}`)),
      !engine.isLive && element("p", { class: "muted" }, engine.limits)));
  for (const [axis, sentences] of Object.entries(model.words)) {
    byId("case").append(element("p", { class: "words" }, element("span", { class: "muted" }, `${axis} `), sentences.map(sentence => sentence.join(" ")).join(" / ")));
  }
  if (model.nonFinite.length === 0) return;
  const answer = element("div");
  byId("case").after(element("section", { "aria-label": "Not a number" },
    button("Why NaN?", "Where the first NaN or infinity came from", async () => answer.replaceChildren(await showWhyNonFinite(store, engine))), answer));
}
