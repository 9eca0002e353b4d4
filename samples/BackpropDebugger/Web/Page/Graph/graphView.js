import { byId, graphic } from "../dom.js";
import { toggleNodeBreakpoint } from "../Timeline/breakpoints.js";
import { foldedAround, visibleGraph } from "./moduleTree.js";
import { layOut, pathThrough } from "./graphLayout.js";
import { markGraph } from "./graphMarks.js";

// The graph as a picture: built anew when something is folded or unfolded, only marked anew when the cursor moves.

/** The graph of the page. */
export class GraphView {
  #store;
  #canvas = byId("graph");
  #scale = 1;
  #size = { width: 0, height: 0 };
  #shown = { nodes: [], groups: [], edges: [] };
  #svg;
  /** The node that the arrow keys start from. */
  #focused = null;

  constructor(store) {
    this.#store = store;
    store.on(["unfolded"], () => {
      this.#build();
      this.#reveal(this.#current);
    });
    store.on(["cursor", "selection", "breakpoints", "why"], () => this.#mark());
    store.on(["cursor"], () => this.#reveal(this.#current));
    this.#build();
    this.fit();
  }

  get #current() {
    return this.nodeOf(this.#store.event?.operation);
  }

  /** The node that stands for an operation: itself, or the folded module around it. */
  nodeOf(operation) {
    if (!operation) return null;
    const folded = foldedAround(operation.place, this.#store.unfolded);
    const id = folded ? `module ${folded.path}` : `operation ${operation.number}`;
    return this.#shown.nodes.find(node => node.id === id) ?? null;
  }

  toggleFold(module) {
    const unfolded = new Set(this.#store.unfolded);
    if (!unfolded.delete(module.path)) unfolded.add(module.path);
    this.#store.set({ unfolded });
    const node = this.#shown.nodes.find(candidate => candidate.module === module || candidate.group?.module === module);
    this.#reveal(node);
    node?.shape.focus({ preventScroll: true });
  }

  /** Folds the module around the focused node, or unfolds the focused module. */
  toggleFoldHere() {
    const module = this.#focused?.module ?? this.#focused?.group?.module;
    if (module) this.toggleFold(module);
  }

  /** Folds the module that the focused node is shown inside. */
  foldAround() {
    if (this.#focused?.group) this.toggleFold(this.#focused.group.module);
  }

  focusNode() {
    (this.#focused ?? this.#shown.nodes[0])?.shape.focus();
  }

  zoom(factor) {
    this.#scale = Math.max(0.15, Math.min(2, this.#scale * factor));
    this.#resize();
  }

  /** As large as fits the width, within what one can read. */
  fit() {
    this.#scale = Math.max(0.55, Math.min(1.1, (this.#canvas.clientWidth - 8) / this.#size.width));
    this.#resize();
    this.#reveal(this.#current);
  }

  #build() {
    const { nodes, groups, edges } = (this.#shown = visibleGraph(this.#store.model, this.#store.unfolded));
    this.#size = layOut(this.#shown);
    for (const group of groups) group.shape = this.#drawGroup(group);
    for (const edge of edges) edge.shape = graphic("path", { class: "edge", d: pathThrough(edge.points) });
    for (const node of nodes) node.shape = this.#drawNode(node);
    this.#svg = graphic("svg", { role: "group", "aria-label": "Computation graph; arrow keys move, Enter selects, f folds, x sets a breakpoint" },
      groups.map(group => group.shape), edges.map(edge => edge.shape), nodes.map(node => node.shape));
    this.#canvas.replaceChildren(this.#svg);
    this.#focused = null;
    this.#makeTabStop(this.#current ?? nodes[0] ?? null);
    this.#resize();
    this.#mark();
  }

  #resize() {
    this.#svg.setAttribute("viewBox", `0 0 ${this.#size.width} ${this.#size.height}`);
    this.#svg.setAttribute("width", this.#size.width * this.#scale);
    this.#svg.setAttribute("height", this.#size.height * this.#scale);
  }

  #mark() {
    markGraph(this.#shown, this.#store, operation => this.nodeOf(operation));
  }

  #drawGroup(group) {
    const left = group.x - group.width / 2;
    const top = group.y - group.height / 2;
    const fold = () => this.toggleFold(group.module);
    return graphic("g", { class: "group" },
      graphic("rect", { x: left, y: top, width: group.width, height: group.height, rx: 10 }),
      graphic("text", { x: left + 10, y: top + 16, click: fold }, `▾ ${group.title}`, graphic("title", {}, `Fold ${group.module.path} ${group.module.kind}`)));
  }

  #drawNode(node) {
    const { text, width, height } = node;
    const isLeaf = text.type === "leaf" || text.type === "parameter";
    const fullName = node.module ? `${node.module.path} ${node.module.kind}` : (node.operation?.output ?? node.tensor).label;
    const parts = [
      graphic("title", {}, fullName),
      graphic("rect", { class: "box", x: -width / 2, y: -height / 2, width, height, rx: isLeaf ? height / 2 : 8 }),
      graphic("rect", { class: "progress", x: -width / 2 + 1, y: height / 2 - 4, width: 0, height: 3 }),
      graphic("text", { class: "title", x: isLeaf ? 0 : -width / 2 + 22, y: isLeaf ? 4 : -4, "text-anchor": isLeaf ? "middle" : "start" },
        `${node.module ? "▸ " : ""}${text.title}`),
      graphic("text", { class: "note", x: -width / 2 + 22, y: 13 }, text.note),
      graphic("text", { class: "badge", x: width / 2 - 7, y: isLeaf ? -height / 2 - 2 : -4, "text-anchor": "end" }),
    ];
    if (node.operation) {
      const toggle = event => {
        event.stopPropagation();
        toggleNodeBreakpoint(this.#store, node.operation);
      };
      parts.push(graphic("circle", { class: "stop", cx: -width / 2 + 11, cy: -7, r: 5, click: toggle }, graphic("title", {}, "Breakpoint (x)")));
    }
    return graphic("g", {
      class: `node ${text.type}`, role: "button", tabindex: -1, transform: `translate(${node.x.toFixed(1)},${node.y.toFixed(1)})`,
      click: () => this.#open(node), focus: () => this.#makeTabStop(node), keydown: event => this.#onKey(event, node),
    }, parts);
  }

  #open(node) {
    if (node.module) this.toggleFold(node.module);
    else this.#store.select(node.operation ? { operation: node.operation } : { tensor: node.tensor });
  }

  #makeTabStop(node) {
    this.#focused?.shape.setAttribute("tabindex", -1);
    this.#focused = node;
    node?.shape.setAttribute("tabindex", 0);
  }

  #onKey(event, node) {
    if (event.key === "Enter" || event.key === " ") this.#open(node);
    else if (event.key === "x" && node.operation) toggleNodeBreakpoint(this.#store, node.operation);
    else if (event.key.startsWith("Arrow")) this.#neighbour(node, event.key)?.shape.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The nearest node in the arrow's direction; sideways counts double, so that up and down follow the flow.
  #neighbour(node, key) {
    const [x, y] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
    const distance = other => {
      const along = (other.x - node.x) * x + (other.y - node.y) * y;
      const across = Math.abs((other.x - node.x) * y) + Math.abs((other.y - node.y) * x);
      return along > 1 ? along + 2 * across : Infinity;
    };
    const best = this.#shown.nodes.reduce((a, b) => (distance(b) < distance(a) ? b : a), node);
    return best === node || distance(best) === Infinity ? null : best;
  }

  // Scrolls only where the node is not in sight.
  #reveal(node) {
    if (!node) return;
    const box = this.#canvas.getBoundingClientRect();
    const shape = node.shape.getBoundingClientRect();
    const margin = 40;
    if (shape.top < box.top + margin || shape.bottom > box.bottom - margin) this.#canvas.scrollTop += (shape.top + shape.bottom - box.top - box.bottom) / 2;
    if (shape.left < box.left + margin || shape.right > box.right - margin) this.#canvas.scrollLeft += (shape.left + shape.right - box.left - box.right) / 2;
  }
}
