// What the person at the page has chosen: where the cursor stands, what is selected, breakpoints, watches, folds.

/** One place for all of it; views listen to the names of what they show. */
export class Store {
  cursor = 0;
  /** { operation } or { tensor } or { module }; null before anything is. */
  selection = null;
  /** True to keep the selection while stepping. */
  isPinned = false;
  breakpoints = [];
  watches = [];
  /** Paths of modules that are shown with their contents. */
  unfolded = new Set();
  /** { output | place of an input, position } of the element whose formula is shown. */
  element = null;
  /** The last answer to "why": operations and edges to light up. */
  why = null;
  /** What is said beside the cursor in place of the event; empty for nothing. */
  notice = "";
  /** Sections that were opened or closed by hand, by name. */
  sections = new Map();

  #listeners = [];

  constructor(model) {
    this.model = model;
  }

  /** The event that has just happened, null at the start. */
  get event() {
    return this.model.timeline[this.cursor - 1] ?? null;
  }

  /** Calls the listener after a change of any of the named things. */
  on(names, listener) {
    this.#listeners.push({ names, listener });
  }

  /** Changes something and tells those who show it. */
  set(changes) {
    Object.assign(this, changes);
    for (const { names, listener } of this.#listeners) {
      if (names.some(name => name in changes)) listener();
    }
  }

  /** Moves the cursor; the selection follows unless it is pinned. */
  moveTo(cursor) {
    const bounded = Math.max(0, Math.min(this.model.timeline.length, cursor));
    const entry = this.model.timeline[bounded - 1];
    const changes = { cursor: bounded, notice: "" };
    if (!this.isPinned) {
      changes.selection = !entry ? this.selection : entry.operation ? { operation: entry.operation } : { tensor: entry.tensor };
      changes.element = null;
    }
    this.set(changes);
  }

  select(selection) {
    this.set({ selection, element: null });
  }
}
