import { button, byId, element } from "../dom.js";
import { arrivedAt, gradientAt } from "../gradients.js";
import { backwardOf } from "../model.js";
import { shapeText, shortNumber } from "../numbers.js";
import { hasNodeBreakpoint, toggleNodeBreakpoint } from "../Timeline/breakpoints.js";
import { toggleWatch } from "../Side/watches.js";
import { attentionOf, attentionView } from "./attention.js";
import { inputName, showExplanation } from "./explanation.js";
import { statisticsLine, tensorView } from "./tensorView.js";

// What is known of the selected operation or leaf at the cursor: head, formula with numbers, and its tensors.

/** The panel on the right. */
export class Panel {
  #store;
  #values;
  #engine;
  #holder = byId("panel");
  /** Counts drawings, so that one that is overtaken by the next stops. */
  #drawing = 0;

  constructor(store, values, engine) {
    this.#store = store;
    this.#values = values;
    this.#engine = engine;
    store.on(["cursor", "selection", "element"], () => this.#show());
    // Painted cells hold the colours of the theme they were painted in.
    addEventListener("themechange", () => this.#show());
    store.on(["why"], () => this.#showWhy());
    store.on(["breakpoints", "watches", "isPinned"], () => this.#showHead());
    this.#show();
  }

  async #show() {
    const drawing = ++this.#drawing;
    this.#holder.setAttribute("aria-busy", "true");
    const { selection } = this.#store;
    if (!selection) {
      this.#isShown();
      this.#holder.replaceChildren(element("p", { class: "hint" }, this.#store.model.timeline.length > 0
        ? "Step with ▶ or the key n, or choose a node of the graph." : "This recording is empty: nothing ran while the recorder was open."));
      return;
    }
    const sections = selection.operation ? await this.#operation(selection.operation) : await this.#leaf(selection.tensor);
    if (drawing !== this.#drawing) return;
    const focused = this.#focusPlace();
    const scroll = this.#holder.scrollTop;
    this.#holder.replaceChildren(element("header", { id: "panel-head" }), ...sections.filter(Boolean));
    (this.#holder.querySelector(".explanation") ?? byId("panel-head")).after(element("div", { id: "panel-why" }));
    this.#showHead();
    this.#showWhy();
    this.#holder.scrollTop = scroll;
    this.#isShown();
    focused?.()?.focus({ preventScroll: true });
  }

  #isShown() {
    this.#holder.dataset.cursor = String(this.#store.cursor);
    this.#holder.setAttribute("aria-busy", "false");
  }

  #showWhy() {
    const report = this.#store.why?.report;
    byId("panel-why")?.replaceChildren(...(report ? [report] : []));
  }

  // Finds the successor of what has the focus once the panel is built anew; null where the focus is elsewhere.
  #focusPlace() {
    const active = document.activeElement;
    if (!this.#holder.contains(active)) return null;
    const { focusName, position } = active.dataset;
    const section = active.closest("details")?.dataset.section;
    if (focusName) return () => this.#holder.querySelector(`[data-focus-name="${CSS.escape(focusName)}"]`);
    const inside = position ? `[data-position="${position}"]` : active.matches("canvas") ? "canvas" : null;
    return section && inside ? () => this.#holder.querySelector(`details[data-section="${CSS.escape(section)}"] ${inside}`) : null;
  }

  #showHead() {
    const head = byId("panel-head");
    const { operation, tensor } = this.#store.selection ?? {};
    if (!head || !(operation || tensor)) return;
    const watched = tensor ?? operation.output;
    const isWatched = this.#store.watches.includes(watched);
    const stops = operation && hasNodeBreakpoint(this.#store, operation);
    head.replaceChildren(...[
      operation ? this.#operationTitle(operation) : element("h2", {}, tensor.label, element("span", { class: "tag" }, tensor.isParameter ? "parameter" : "leaf")),
      operation && this.#facts(operation),
      element("div", { class: "actions" },
        operation && button(stops ? "● Breakpoint" : "○ Breakpoint", "Stop at this operation (x)", () => toggleNodeBreakpoint(this.#store, operation), { "aria-pressed": String(Boolean(stops)), "data-focus-name": "break" }),
        button(isWatched ? "Watching" : "Watch gradient", "Show the norm of this gradient over time (w)", () => toggleWatch(this.#store, watched), { "aria-pressed": String(isWatched), "data-focus-name": "watch" }),
        button(this.#store.isPinned ? "Pinned" : "Pin", "Keep this in the panel while stepping (p)", () => this.#store.set({ isPinned: !this.#store.isPinned }), { "aria-pressed": String(this.#store.isPinned), "data-focus-name": "pin" })),
    ].filter(Boolean));
  }

  #operationTitle(operation) {
    const { cursor, event } = this.#store;
    const state = event?.operation === operation ? (event.kind === "Forward" ? "forward now" : "backward now")
      : backwardOf(operation, cursor) ? "backward done" : operation.forwardEvent <= cursor ? "forward done" : "not yet run";
    const direction = state.startsWith("backward") ? "backward" : state.startsWith("forward") ? "forward" : "";
    return element("h2", {}, element("span", { class: "muted" }, `#${operation.number} `), operation.kind, element("span", { class: `tag ${direction}` }, state));
  }

  #facts(operation) {
    const place = (label, frame) => frame && [element("dt", {}, label), element("dd", {}, element("code", {}, frame.place), frame.text && element("pre", {}, frame.text))];
    const isOneLine = operation.userLine?.place === operation.layerLine?.place;
    return element("dl", {},
      operation.module && [element("dt", {}, "module"), element("dd", {}, operation.module, element("span", { class: "muted" }, ` ${operation.moduleKind}`))],
      operation.attributes && [element("dt", {}, "with"), element("dd", {}, operation.attributes)],
      !operation.isOnTape && [element("dt", {}, "tape"), element("dd", {}, "not on it: no gradient flows through")],
      place("line", operation.userLine), !isOneLine && place("layer", operation.layerLine));
  }

  async #operation(operation) {
    const { cursor } = this.#store;
    const backward = backwardOf(operation, cursor);
    const hasRun = operation.forwardEvent <= cursor;
    const weights = hasRun && attentionOf(operation);
    const isOwnOutput = weights === operation.output.values;
    const inputs = await Promise.all(operation.inputs.map((tensor, place) => this.#input(operation, tensor, place, backward)));
    const output = this.#section(isOwnOutput ? "output weights" : "output", `output ${operation.output.label}`, operation.output.shape, !isOwnOutput,
      hasRun ? await this.#values_(operation.output.values, { place: "output" }) : element("p", { class: "muted" }, "not yet computed"));
    const saved = await Promise.all(operation.saved.filter(item => item.values !== weights).map(async item =>
      this.#section(`saved ${item.name}`, `kept for backward: ${item.name}`, item.values.shape, false, hasRun ? await this.#values_(item.values, {}) : null)));
    return [
      await showExplanation(this.#store, this.#engine, this.#values, operation, backward),
      weights && this.#section("attention", "attention weights", weights.shape, true,
        await this.#attempt(async () => attentionView(this.#store.model, operation, await this.#values.get(weights), position => isOwnOutput && this.#choose("output", position)))),
      output,
      await this.#gradient(operation.output, "output gradient", `∂L/∂${operation.output.label}`, true),
      ...inputs.flat(),
      ...saved,
    ];
  }

  async #input(operation, tensor, place, backward) {
    const contribution = backward?.contributions.find(part => part.place === place);
    const isComputed = !tensor.producer || tensor.producer.forwardEvent <= this.#store.cursor;
    return [
      this.#section(`input ${place}`, `input ${place}: ${tensor.label}`, tensor.shape, false,
        isComputed ? await this.#values_(tensor.values, {}) : element("p", { class: "muted" }, "not yet computed")),
      contribution && this.#section(`contribution ${place}`, `adds to ∂L/∂${inputName(operation, place)}`, tensor.shape, true, await this.#values_(contribution.values, { place })),
    ];
  }

  async #leaf(tensor) {
    return [
      tensor.detachedFrom && element("p", { class: "hint" }, `Detached from ${tensor.detachedFrom.label}: no gradient flows back there.`),
      await showExplanation(this.#store, this.#engine, this.#values, null, null, tensor),
      this.#section("output", `values of ${tensor.label}`, tensor.shape, true, await this.#values_(tensor.values, { place: "output" })),
      await this.#gradient(tensor, "output gradient", `∂L/∂${tensor.label}`, true),
    ];
  }

  async #gradient(tensor, name, title, isOpen) {
    const { parts, expected } = arrivedAt(tensor, this.#store.cursor);
    if (expected === 0) return element("p", { class: "muted note" }, `${title}: none ever arrives${tensor.requiresGradient ? "" : ", it requires none"}.`);
    const badge = element("span", { class: "badge gradient" }, `${parts.length} of ${expected} contributions`);
    const content = parts.length === 0 ? element("p", { class: "muted" }, "nothing has arrived yet")
      : await this.#attempt(async () => tensorView(await gradientAt(tensor, this.#store.cursor, this.#values), this.#options("gradient", title)), parts.length === 1 ? parts[0].values : null);
    return this.#section(name, title, tensor.shape, isOpen, expected > 1 ? element("div", {}, content, this.#contributions(parts)) : content, badge);
  }

  // Which operations the gradient is the sum of, so far.
  #contributions(parts) {
    return element("ul", { class: "contributions" }, parts.map(part => element("li", {},
      part.operation ? button(`#${part.operation.number} ${part.operation.kind}`, `Go to event ${part.event}`, () => this.#store.moveTo(part.event), { class: "step" })
        : element("span", {}, part.event === 0 ? "from before the recording" : "start of the pass"),
      element("span", { class: "muted" }, ` event ${part.event} · norm ${shortNumber(part.values.statistics.norm)}`))));
  }

  async #values_(item, { place }) {
    return this.#attempt(async () => tensorView(await this.#values.get(item), this.#options(place, `values ${shapeText(item.shape)}`)), item);
  }

  #options(place, label) {
    const chosen = this.#store.element;
    return { label, selected: chosen && chosen.place === place ? chosen.position : -1, choose: place === undefined ? undefined : position => this.#choose(place, position) };
  }

  #choose(place, position) {
    this.#store.set({ element: { place, position } });
  }

  // A message in the panel in place of what could not be shown, below the statistics that are known all the same.
  async #attempt(make, item = null) {
    try {
      return await make();
    } catch (error) {
      const message = element("p", { class: "alarm" }, error.message);
      return item ? element("div", {}, statisticsLine(item.statistics, item.shape), message) : message;
    }
  }

  #section(name, title, shape, isOpen, content, badge) {
    if (content === null) return null;
    const details = element("details", { open: this.#store.sections.get(name) ?? isOpen, toggle: () => this.#store.sections.set(name, details.open) },
      element("summary", { "data-focus-name": name }, element("span", { class: "name" }, title), element("span", { class: "muted" }, ` ${shape.length === 0 ? "scalar" : shapeText(shape)}`), badge), content);
    details.dataset.section = name.replace(" weights", "");
    return details;
  }
}
