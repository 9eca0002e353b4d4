import { shortNumber } from "../numbers.js";

// Where nodes, groups and edges go: dagre's layered layout, data flowing down.

const nodeHeight = 46;
const leafHeight = 26;

function textWidth(text, perCharacter) {
  return text.length * perCharacter;
}

/** The two lines on a node and what kind of box it is. */
export function nodeText(node) {
  if (node.module) return { title: node.module.name, note: `${node.module.operations.length} operations`, type: "module" };
  if (node.operation) {
    const { operation } = node;
    const isAlone = operation.place.operations.length === 1 && operation.place.name !== "";
    const named = operation.output.label.startsWith("#") ? "" : `${operation.output.label} `;
    const shape = operation.output.shape.length === 0 ? "scalar" : operation.output.shape.join(" × ");
    return { title: operation.kind, note: `${isAlone ? operation.place.name : named}${isAlone || named ? " · " : ""}${shape}`.replace("  ", " "), type: "operation" };
  }
  const { tensor } = node;
  const isNumber = tensor.shape.length === 0 && !tensor.requiresGradient && /^leaf\d+$/.test(tensor.label);
  const { mean, infinities } = tensor.values.statistics;
  const title = isNumber ? (infinities > 0 ? "±∞" : shortNumber(mean)) : tensor.label.split(".").slice(-2).join(".");
  return { title, note: "", type: tensor.isParameter ? "parameter" : "leaf" };
}

function sizeOf(text) {
  if (text.type === "parameter" || text.type === "leaf") return { width: Math.max(34, textWidth(text.title, 6.6) + 20), height: leafHeight };
  return { width: Math.max(112, textWidth(text.title, 7.9) + 62, textWidth(text.note, 6.3) + 34), height: nodeHeight };
}

/** Gives nodes and groups x, y (their centre), width and height, edges their points; returns the whole size. */
export function layOut({ nodes, groups, edges }) {
  const graph = new globalThis.dagre.graphlib.Graph({ compound: groups.length > 0 });
  graph.setGraph({ rankdir: "TB", nodesep: 22, edgesep: 12, ranksep: groups.length > 0 ? 30 : 36, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const group of groups) graph.setNode(group.id, {});
  for (const node of nodes) {
    node.text = nodeText(node);
    graph.setNode(node.id, sizeOf(node.text));
  }
  for (const inner of [...groups, ...nodes]) {
    const outer = inner.parent ?? inner.group;
    if (outer) graph.setParent(inner.id, outer.id);
  }
  for (const edge of edges) {
    // A leaf hangs close to its use; the chain of operations runs straight.
    graph.setEdge(edge.from.id, edge.to.id, { weight: edge.from.tensor ? 1 : 4 });
  }
  globalThis.dagre.layout(graph);
  for (const item of [...nodes, ...groups]) Object.assign(item, graph.node(item.id));
  for (const edge of edges) edge.points = graph.edge(edge.from.id, edge.to.id).points;
  return { width: graph.graph().width, height: graph.graph().height };
}

/** A smooth path through points. */
export function pathThrough(points) {
  const [first, ...rest] = points;
  let path = `M${first.x.toFixed(1)},${first.y.toFixed(1)}`;
  rest.forEach((point, i) => {
    const before = points[i];
    const middle = (before.y + point.y) / 2;
    path += `C${before.x.toFixed(1)},${middle.toFixed(1)} ${point.x.toFixed(1)},${middle.toFixed(1)} ${point.x.toFixed(1)},${point.y.toFixed(1)}`;
  });
  return path;
}
