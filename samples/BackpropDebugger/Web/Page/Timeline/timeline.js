import { button, byId, element, graphic } from "../dom.js";
import { eventText } from "../model.js";
import { nextStop, stopsAt } from "./breakpoints.js";

// Forward and backward pass as one line to move on: buttons, a scrubber, and above it what lies where.

const searching = "looking for the next stop…";

/** The moves that buttons and keys share. */
export function moves(store, engine, representative) {
  const over = direction => {
    const here = representative(store.event?.operation);
    let cursor = store.cursor + direction;
    const inside = () => cursor > 0 && cursor < store.model.timeline.length
      && here !== null && representative(store.model.timeline[cursor - 1].operation) === here;
    while (inside()) cursor += direction;
    store.moveTo(cursor);
  };
  let search = new AbortController();
  store.on(["cursor"], () => search.abort());
  // Conditions are tested by the session, which may take its time; whoever moves on meanwhile is not moved again.
  const run = async direction => {
    const own = nextStop(store, direction);
    const conditions = store.breakpoints.filter(breakpoint => breakpoint.isEnabled && breakpoint.type === "condition").map(breakpoint => breakpoint.command);
    if (conditions.length === 0) return store.moveTo(own);
    const from = store.cursor;
    if (store.notice === searching) return;
    store.set({ notice: searching });
    search = new AbortController();
    try {
      const stop = await engine.nextStop(conditions, from, direction, search.signal);
      if (store.cursor === from) store.moveTo(direction > 0 ? Math.min(own, stop) : Math.max(own, stop));
    } catch (error) {
      if (error.name !== "AbortError") store.set({ notice: error.message });
    }
  };
  return {
    start: () => store.moveTo(0),
    reverseContinue: () => run(-1),
    backOver: () => over(-1),
    back: () => store.moveTo(store.cursor - 1),
    next: () => store.moveTo(store.cursor + 1),
    nextOver: () => over(1),
    continue: () => run(1),
    end: () => store.moveTo(store.model.timeline.length),
  };
}

function bands(model) {
  // Neighbouring events of one direction make one band.
  const found = [];
  for (const entry of model.timeline) {
    const kind = entry.kind === "Forward" ? "forward" : entry.kind === "GradientReset" ? "reset" : "backward";
    if (found.at(-1)?.kind === kind) found.at(-1).to = entry.number;
    else found.push({ kind, from: entry.number - 1, to: entry.number });
  }
  return found;
}

/** Builds the bar at the bottom of the page. */
export function showTimeline(store, move) {
  const last = store.model.timeline.length;
  const slider = element("input", {
    type: "range", id: "scrubber", min: 0, max: last, value: 0, step: 1, "aria-label": "Position on the timeline",
    input: () => store.moveTo(Number(slider.value)),
  });
  const marks = graphic("svg", { class: "bands", viewBox: `0 0 ${Math.max(1, last)} 10`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const stops = graphic("g");
  const done = graphic("rect", { class: "done", x: 0, y: 0, width: 0, height: 10 });
  marks.append(...bands(store.model).map(band => graphic("rect", { class: band.kind, x: band.from, y: 2, width: band.to - band.from, height: 6 })), done, stops);
  const position = element("output", { id: "position", for: "scrubber", "aria-live": "polite" });
  byId("timeline").append(
    element("div", { class: "moves", role: "toolbar", "aria-label": "Moves" },
      button("|◀", "To the start (Home)", move.start),
      button("◀◀", "Back to the last breakpoint (r)", move.reverseContinue),
      button("◀", "Back (b)", move.back, { id: "back" }),
      button("▶", "Next (n)", move.next, { id: "next", class: "primary" }),
      button("▶▶", "On to the next breakpoint (c)", move.continue),
      button("▶|", "To the end (End)", move.end)),
    element("div", { class: "track" }, marks, slider),
    position);

  const showCursor = () => {
    slider.value = String(store.cursor);
    const text = store.event ? eventText(store.event) : "before the first event";
    slider.setAttribute("aria-valuetext", `event ${store.cursor} of ${last}, ${text}`);
    done.setAttribute("width", store.cursor);
    position.replaceChildren(element("b", {}, `${store.cursor}`), ` / ${last} `, element("span", { class: "muted" }, store.notice || text));
  };
  const showStops = () => {
    const hit = store.breakpoints.length === 0 ? [] : store.model.timeline.filter(entry => stopsAt(store, entry));
    stops.replaceChildren(...hit.map(entry => graphic("rect", { class: "stop", x: entry.number - 0.7, y: 0, width: Math.max(0.4, last / 600), height: 10 })));
  };
  store.on(["cursor", "notice"], showCursor);
  store.on(["breakpoints"], showStops);
  showCursor();
}
