import { shortName } from "../numbers.js";
import { nodeText, sizeOf, textWidth } from "./nodeText.js";

// Where nodes, groups and edges go: dagre's layered layout, data flowing down, each group laid out by itself.

const usualRankHeight = 46;
const groupPadding = 14;
const groupTitle = 28;

function outerOf(item) {
  return item.parent ?? item.group ?? null;
}

function outersOf(item) {
  const outer = outerOf(item);
  return outer ? [outer, ...outersOf(outer)] : [];
}

// The node or group directly inside a group (null: the whole graph) in which a node lies; null where it lies outside.
function partIn(node, group) {
  return [node, ...outersOf(node)].find(item => outerOf(item) === group) ?? null;
}

/**
 * Lays out what is directly inside a group, the groups inside as boxes whose size is known. An edge that crosses the
 * group's border gets a port there: dagre then leads it around what is in between.
 */
function layOutInside(group, { nodes, groups, edges }) {
  const graph = new globalThis.dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 20, edgesep: 12, ranksep: 32 });
  graph.setDefaultEdgeLabel(() => ({}));
  const parts = [...nodes, ...groups].filter(item => outerOf(item) === group);
  for (const part of parts) graph.setNode(part.id, { width: part.width, height: part.height });
  const ports = new Set();
  const port = id => {
    if (!ports.has(id)) graph.setNode(id, { width: 2, height: 2 });
    ports.add(id);
    return id;
  };
  const connect = (from, to, weight) => {
    const known = graph.edge(from, to);
    graph.setEdge(from, to, { weight: weight + (known?.weight ?? 0) });
  };
  for (const edge of edges) {
    const from = partIn(edge.from, group);
    const to = partIn(edge.to, group);
    if (from === to) continue;
    const ends = [from?.id ?? port(`in ${edge.from.id}`), to?.id ?? port(`out ${edge.from.id}`)];
    // A leaf hangs close to its use; the chain of operations runs straight.
    connect(...ends, edge.from.tensor ? 1 : 4);
    edge.stretches.set(group, () => {
      const points = besideTallRanks(graph.edge(...ends).points, parts);
      // At a group's box the edge goes on at its port inside, not where dagre meets the border.
      return points.slice(from?.module && from.inside ? 1 : 0, to?.module && to.inside ? -1 : undefined);
    });
  }
  bindPorts(graph, ports);
  globalThis.dagre.layout(graph);
  for (const part of parts) {
    Object.assign(part, graph.node(part.id));
    part.rankY = part.y;
  }
  return boundsOf([...parts, ...[...ports].map(id => graph.node(id)), ...graph.edges().filter(edge => edge.v !== "top" && edge.w !== "bottom")
    .flatMap(edge => graph.edge(edge).points.map(point => ({ ...point, width: 0, height: 0 })))]);
}

// Where an edge passes a rank it runs straight down beside it: some ranks are as high as a whole module.
function besideTallRanks(points, parts) {
  return points.flatMap((point, i) => {
    if (i === 0 || i === points.length - 1) return [point];
    const height = Math.max(0, ...parts.filter(part => Math.abs(part.rankY - point.y) < 1).map(part => part.height));
    return height <= usualRankHeight ? [point] : [{ x: point.x, y: point.y - height / 2 }, { x: point.x, y: point.y + height / 2 }];
  });
}

// Ports lie on the border: a node above all others holds those of arriving edges, one below those of leaving edges.
function bindPorts(graph, ports) {
  if (ports.size === 0) return;
  const inner = graph.nodes();
  const sources = graph.sources();
  const sinks = graph.sinks();
  const holds = (id, kind) => id.startsWith(`${kind} `) && ports.has(id);
  if (inner.some(id => holds(id, "in"))) {
    graph.setNode("top", { width: 0, height: 0 });
    for (const id of sources) graph.setEdge("top", id, { weight: holds(id, "in") ? 50 : 0 });
  }
  if (inner.some(id => holds(id, "out"))) {
    graph.setNode("bottom", { width: 0, height: 0 });
    for (const id of sinks) graph.setEdge(id, "bottom", { weight: holds(id, "out") ? 50 : 0 });
  }
}

function boundsOf(boxes) {
  if (boxes.length === 0) return { left: 0, top: 0, width: 0, height: 0 };
  const left = Math.min(...boxes.map(box => box.x - box.width / 2));
  const top = Math.min(...boxes.map(box => box.y - box.height / 2));
  const right = Math.max(...boxes.map(box => box.x + box.width / 2));
  const bottom = Math.max(...boxes.map(box => box.y + box.height / 2));
  return { left, top, width: right - left, height: bottom - top };
}

// Innermost first: a box's size must be known before the box is placed.
function layOutGroup(group, visible) {
  for (const inner of visible.groups.filter(candidate => candidate.parent === group)) layOutGroup(inner, visible);
  const bounds = layOutInside(group, visible);
  if (group === null) return bounds;
  group.inside = bounds;
  group.title = shortName(group.module.name, 36);
  group.width = Math.max(bounds.width, textWidth(group.title, 7) + 20) + 2 * groupPadding;
  group.height = bounds.height + groupPadding + groupTitle;
  return bounds;
}

// From places inside a group to places on the page, outermost first.
function placeGroup(group, visible, dx, dy) {
  for (const part of [...visible.nodes, ...visible.groups].filter(item => outerOf(item) === group)) {
    part.x += dx;
    part.y += dy;
  }
  for (const inner of visible.groups.filter(candidate => candidate.parent === group)) {
    const spare = inner.width - inner.inside.width - 2 * groupPadding;
    inner.dx = inner.x - inner.width / 2 + groupPadding + spare / 2 - inner.inside.left;
    inner.dy = inner.y - inner.height / 2 + groupTitle - inner.inside.top;
    placeGroup(inner, visible, inner.dx, inner.dy);
  }
}

/** Gives nodes and groups x, y (their centre), width and height, edges their points; returns the whole size. */
export function layOut(visible) {
  const margin = 24;
  for (const node of visible.nodes) {
    node.text = nodeText(node);
    Object.assign(node, sizeOf(node.text));
  }
  for (const edge of visible.edges) edge.stretches = new Map();
  const { left, top, width, height } = layOutGroup(null, visible);
  placeGroup(null, visible, margin - left, margin - top);
  for (const edge of visible.edges) {
    const to = outersOf(edge.to);
    // Out of the groups around its beginning, through the one that holds both ends, into those around its end.
    const leaves = outersOf(edge.from).filter(group => !to.includes(group));
    const common = outersOf(edge.from).find(group => to.includes(group)) ?? null;
    const enters = to.filter(group => !outersOf(edge.from).includes(group)).reverse();
    edge.points = [...leaves, common, ...enters].flatMap(group => {
      const [dx, dy] = group === null ? [margin - left, margin - top] : [group.dx, group.dy];
      return edge.stretches.get(group)().map(point => ({ x: point.x + dx, y: point.y + dy }));
    });
  }
  return { width: width + 2 * margin, height: height + 2 * margin };
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
