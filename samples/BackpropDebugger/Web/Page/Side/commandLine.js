import { byId, element } from "../dom.js";
import { loadAgain } from "../resume.js";
import { readBreakpoint } from "../Timeline/breakpoints.js";

// The terminal's commands, done by the session behind the page. There is none in a self-contained file.

// Cursor and breakpoints are one with the session's.
function follow(store, { cursor, breakpoints }) {
  const isSame = breakpoints.length === store.breakpoints.length
    && breakpoints.every(({ text, isEnabled }) => store.breakpoints.some(own => own.command === text && own.isEnabled === isEnabled));
  if (!isSame) {
    store.set({ breakpoints: breakpoints.map(({ text, isEnabled }) =>
      store.breakpoints.find(own => own.command === text && own.isEnabled === isEnabled) ?? readBreakpoint(store.model, text, isEnabled)) });
  }
  if (cursor !== store.cursor) store.moveTo(cursor);
}

/** Shows the command line where the engine has one; earlier are the questions and answers from before the page was loaded again. */
export function showCommandLine(store, engine, earlier = []) {
  byId("commands").hidden = !engine.isLive;
  if (!engine.isLive) return;
  const answers = byId("command-answers");
  const said = [];
  const past = [];
  let at = 0;
  const say = (line, text, isError) => {
    said.push([line, text, isError]);
    past.push(line);
    at = past.length;
    answers.append(element("p", { class: "asked" }, `> ${line}`), element("pre", { class: isError ? "alarm" : "" }, text));
    answers.scrollTop = answers.scrollHeight;
  };
  const input = element("input", { type: "text", id: "command", "aria-label": "Command", placeholder: "help", autocomplete: "off", spellcheck: "false", keydown: event => onKey(event) });
  const run = async line => {
    const breakpoints = store.breakpoints.map(({ command, isEnabled }) => ({ text: command, isEnabled }));
    const result = await engine.command(line, store.cursor, breakpoints).catch(error => ({ text: error.message, isError: true }));
    say(line, result.text, result.isError);
    if (result.isElsewhere) loadAgain(store, result.cursor, said);
    else if (result.breakpoints) follow(store, result);
  };
  const enter = () => {
    const line = input.value.trim();
    input.value = "";
    if (line !== "") run(line);
  };
  const recall = step => {
    at = Math.max(0, Math.min(past.length, at + step));
    input.value = past[at] ?? "";
  };
  const complete = async () => {
    const typed = input.value;
    const found = await engine.complete(typed).catch(() => []);
    if (input.value !== typed) return;
    // The word that is completed begins after the last blank or opening parenthesis.
    if (found.length === 1) input.value = typed.slice(0, Math.max(typed.lastIndexOf(" "), typed.lastIndexOf("(")) + 1) + found[0];
    else if (found.length > 1) answers.append(element("pre", { class: "muted" }, found.join("  ")));
    answers.scrollTop = answers.scrollHeight;
  };
  const onKey = event => {
    if (event.key === "Enter") enter();
    else if (event.key === "ArrowUp") recall(-1);
    else if (event.key === "ArrowDown") recall(1);
    else if (event.key === "Tab" && input.value !== "" && !event.shiftKey) complete();
    else return;
    event.preventDefault();
  };
  byId("command-line").append(element("span", { "aria-hidden": "true" }, ">"), input);
  earlier.forEach(([line, text, isError]) => say(line, text, isError));

  // What the page shows in place of the recording itself, and the way back.
  const { note, leave } = store.model;
  byId("place").hidden = note === "";
  byId("place").textContent = `${note} · ${leave} ↩`;
  byId("place").title = `Back to the recording (${leave})`;
  byId("place").addEventListener("click", () => run(leave));
}
