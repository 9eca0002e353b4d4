import { byId, element } from "../dom.js";

// The terminal's commands, done by the session behind the page. There is none in a self-contained file.

/** Shows the command line where the engine has one. */
export function showCommandLine(store, engine) {
  byId("commands").hidden = !engine.isLive;
  if (!engine.isLive) return;
  const answers = byId("command-answers");
  const past = [];
  let at = 0;
  const input = element("input", { type: "text", id: "command", "aria-label": "Command", placeholder: "help", autocomplete: "off", spellcheck: "false", keydown: event => onKey(event) });
  const run = async () => {
    const line = input.value.trim();
    if (line === "") return;
    input.value = "";
    past.push(line);
    at = past.length;
    const result = await engine.command(line, store.cursor).catch(error => ({ text: error.message, isError: true, cursor: store.cursor }));
    answers.append(element("p", { class: "asked" }, `> ${line}`), element("pre", { class: result.isError ? "alarm" : "" }, result.text));
    answers.scrollTop = answers.scrollHeight;
    if (result.cursor !== store.cursor) store.moveTo(result.cursor);
  };
  const recall = step => {
    at = Math.max(0, Math.min(past.length, at + step));
    input.value = past[at] ?? "";
  };
  const complete = async () => {
    const found = await engine.complete(input.value).catch(() => []);
    if (found.length === 1) input.value = input.value.slice(0, input.value.lastIndexOf(" ") + 1) + found[0];
    else if (found.length > 1) answers.append(element("pre", { class: "muted" }, found.join("  ")));
  };
  const onKey = event => {
    if (event.key === "Enter") run();
    else if (event.key === "ArrowUp") recall(-1);
    else if (event.key === "ArrowDown") recall(1);
    else if (event.key === "Tab" && input.value !== "" && !event.shiftKey) complete();
    else return;
    event.preventDefault();
  };
  byId("command-line").append(element("span", { "aria-hidden": "true" }, ">"), input);
}
