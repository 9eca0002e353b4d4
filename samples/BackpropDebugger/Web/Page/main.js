import { byId } from "./dom.js";
import { EmbeddedEngine } from "./Engine/engineEmbedded.js";
import { LiveEngine } from "./Engine/engineLive.js";
import { Values } from "./Engine/values.js";
import { indexGradients } from "./gradients.js";
import { GraphView } from "./Graph/graphView.js";
import { foldableModules, foldedAround, moduleTree } from "./Graph/moduleTree.js";
import { useKeyboard } from "./keyboard.js";
import { readModel } from "./model.js";
import { Panel } from "./Panel/panel.js";
import { remembered } from "./resume.js";
import { showBreakpoints } from "./Side/breakpointList.js";
import { showCase } from "./Side/caseText.js";
import { showCommandLine } from "./Side/commandLine.js";
import { toggleSide, useSide } from "./Side/side.js";
import { showWatches } from "./Side/watches.js";
import { Store } from "./store.js";
import { toggleTheme, useTheme } from "./theme.js";
import { readBreakpoint } from "./Timeline/breakpoints.js";
import { moves, showTimeline } from "./Timeline/timeline.js";

// Puts the parts together. The same page runs over the local server and over the data inside a file.

const mostUnfolded = 40;

async function start() {
  const engine = byId("embedded") ? new EmbeddedEngine() : new LiveEngine();
  const model = readModel(await engine.model());
  indexGradients(model);
  const tree = moduleTree(model);
  const store = new Store(model);
  const modules = foldableModules(tree);
  if (model.operations.length <= mostUnfolded) store.unfolded = new Set(modules.map(module => module.path));

  const before = engine.isLive ? remembered() : null;
  if (before) {
    store.unfolded = new Set(modules.map(module => module.path).filter(path => before.unfolded.includes(path) || model.note !== ""));
    if (before.theme) document.documentElement.dataset.theme = before.theme;
  }

  const values = new Values(engine);
  const graph = new GraphView(store);
  const move = moves(store, engine, operation => (operation ? (foldedAround(operation.place, store.unfolded) ?? operation) : null));
  showTimeline(store, move);
  showCase(store, engine);
  showBreakpoints(store, engine);
  showWatches(store, values);
  showCommandLine(store, engine, before?.answers);
  new Panel(store, values, engine);
  useTheme();
  useSide();
  useKeyboard({ store, move, graph, toggleTheme, toggleSide });
  byId("fold-all").addEventListener("click", () => store.set({ unfolded: new Set() }));
  byId("unfold-all").addEventListener("click", () => store.set({ unfolded: new Set(modules.map(module => module.path)) }));
  byId("zoom-in").addEventListener("click", () => graph.zoom(1.25));
  byId("zoom-out").addEventListener("click", () => graph.zoom(0.8));
  byId("zoom-fit").addEventListener("click", () => graph.fit());
  byId("show-help").addEventListener("click", () => byId("help").showModal());
  byId("close-help").addEventListener("click", () => byId("help").close());
  byId("clear-path").addEventListener("click", () => store.set({ why: null }));
  store.on(["why"], () => { byId("clear-path").hidden = !store.why; });
  if (before) {
    store.set({
      breakpoints: before.breakpoints.map(({ command, isEnabled }) => readBreakpoint(model, command, isEnabled)),
      watches: model.tensors.filter(tensor => before.watches.includes(tensor.label)),
    });
    store.moveTo(before.cursor);
  }
  document.body.dataset.ready = "true";
}

start().catch(error => {
  byId("panel").textContent = `The page could not start: ${error.message}`;
});
