import { byId, element } from "./dom.js";
import { toggleNodeBreakpoint } from "./Timeline/breakpoints.js";
import { showSide } from "./Side/side.js";
import { toggleWatch } from "./Side/watches.js";

// One table of keys: what they do and what the help overlay says of them.

function keyTable({ store, move, graph, toggleTheme, toggleSide }) {
  const press = id => byId(id)?.click();
  const focusCommand = () => {
    if (!byId("command")) return;
    showSide();
    byId("command").focus();
  };
  const leave = () => {
    if (isTyping(document.activeElement)) document.activeElement.blur();
    else store.set({ why: null });
  };
  return [
    { keys: ["n", "ArrowRight"], text: "next event", action: move.next },
    { keys: ["b", "ArrowLeft"], text: "back", action: move.back },
    { keys: ["N"], text: "next node: over a folded module", action: move.nextOver },
    { keys: ["B"], text: "back over a folded module", action: move.backOver },
    { keys: ["c"], text: "continue to the next breakpoint", action: move.continue },
    { keys: ["r"], text: "reverse-continue to the last breakpoint", action: move.reverseContinue },
    { keys: ["Home"], text: "to the start", action: move.start },
    { keys: ["End"], text: "to the end", action: move.end },
    { keys: ["t"], text: "focus the timeline", action: () => byId("scrubber").focus() },
    { keys: ["g"], text: "focus the graph; there: arrows move, Enter selects or unfolds", action: () => graph.focusNode() },
    { keys: ["f"], text: "unfold the focused module, or fold that of the focused operation", action: () => graph.toggleFoldHere() },
    { keys: ["F"], text: "fold the module around the focused node", action: () => graph.foldAround() },
    { keys: ["h"], text: "focus the panel's first heat map; there: arrows read, Enter explains", action: () => document.querySelector("#panel .heatmap [tabindex='0']")?.focus() },
    { keys: ["x"], text: "breakpoint on the selected operation", action: () => store.selection?.operation && toggleNodeBreakpoint(store, store.selection.operation) },
    { keys: ["w"], text: "watch the selected gradient", action: () => store.selection && toggleWatch(store, store.selection.tensor ?? store.selection.operation.output) },
    { keys: ["p"], text: "pin the panel", action: () => store.set({ isPinned: !store.isPinned }) },
    { keys: ["y"], text: "why is the chosen number what it is", action: () => press("why") },
    { keys: ["d"], text: "finite difference at the chosen element", action: () => press("difference") },
    { keys: ["/"], text: "focus the command line (live)", action: focusCommand },
    { keys: ["+"], text: "larger graph", action: () => graph.zoom(1.25) },
    { keys: ["-"], text: "smaller graph", action: () => graph.zoom(0.8) },
    { keys: ["0"], text: "graph as wide as its window", action: () => graph.fit() },
    { keys: ["s"], text: "show or hide the side bar", action: toggleSide },
    { keys: ["l"], text: "light or dark", action: toggleTheme },
    { keys: ["?"], text: "this help", action: () => byId("help").showModal() },
    { keys: ["Escape"], text: "close the help, leave a field, or clear the path of why", action: leave },
  ];
}

function isTyping(target) {
  return target.matches("input[type=text], select, textarea");
}

/** Listens to the keys and fills the help overlay. */
export function useKeyboard(parts) {
  const table = keyTable(parts);
  const names = { ArrowRight: "→", ArrowLeft: "←", Escape: "Esc" };
  byId("key-table").append(...table.map(({ keys, text }) => element("tr", {}, element("td", {}, keys.map(key => element("kbd", {}, names[key] ?? key))), element("td", {}, text))));
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || byId("help").open) return;
    // In a field keys are letters, but for Escape; the scrubber has arrows of its own.
    if (isTyping(event.target) && event.key !== "Escape") return;
    if (event.target.matches("input[type=range]") && /^(Arrow|Home|End)/.test(event.key)) return;
    const entry = table.find(candidate => candidate.keys.includes(event.key));
    if (!entry) return;
    event.preventDefault();
    entry.action();
  });
}
