import { arrivedAt, hasContributed } from "../gradients.js";
import { backwardOf } from "../model.js";
import { hasNodeBreakpoint } from "../Timeline/breakpoints.js";

// What the cursor makes of the graph: what has run, where gradients have arrived, which operation is at work.

function assign(shape, classes, label) {
  // Attributes are written only where they change: most of the graph stays as it is from step to step.
  if (shape.getAttribute("class") !== classes) shape.setAttribute("class", classes);
  if (label !== undefined && shape.getAttribute("aria-label") !== label) shape.setAttribute("aria-label", label);
}

function names(...parts) {
  return parts.filter(Boolean).join(" ");
}

function gradientState(tensor, cursor) {
  const { parts, expected } = arrivedAt(tensor, cursor);
  const state = parts.length === 0 ? "" : parts.length < expected ? "partial" : "complete";
  return { arrived: parts.length, expected, state };
}

function markTensor(node, tensor, store) {
  const { arrived, expected, state } = gradientState(tensor, store.cursor);
  const badge = arrived > 0 && expected > 1 ? `${arrived} of ${expected}` : "";
  const spoken = expected === 0 ? "no gradient" : `gradient ${arrived} of ${expected}`;
  return { state, badge, spoken };
}

function markModule(node, store) {
  const { operations } = node.module;
  const ran = operations.filter(operation => operation.forwardEvent <= store.cursor).length;
  const back = operations.filter(operation => backwardOf(operation, store.cursor)).length;
  const able = operations.filter(operation => operation.backwardEvents.length > 0).length;
  const state = back === 0 ? "" : back < able ? "partial" : "complete";
  const share = ran < operations.length ? ran / operations.length : able === 0 ? 0 : back / able;
  return { ran: ran === operations.length, state, badge: "", spoken: `${ran} of ${operations.length} run, gradient through ${back} of ${able}`, share };
}

function markNode(node, store, current) {
  const { operation, tensor, module } = node;
  const mark = module ? markModule(node, store) : markTensor(node, tensor ?? operation.output, store);
  const ran = module ? mark.ran : tensor ? true : operation.forwardEvent <= store.cursor;
  const isCurrent = node === current;
  const direction = store.event?.kind === "Forward" ? "forward" : "backward";
  const isSelected = operation ? store.selection?.operation === operation : tensor ? store.selection?.tensor === tensor : false;
  const stops = (module?.operations ?? [operation]).some(item => item && hasNodeBreakpoint(store, item));
  const done = (module?.operations ?? [operation]).filter(item => item && item.forwardEvent <= store.cursor);
  const isBad = done.some(item => item.isBad);
  // −∞ is what a mask writes before a softmax: worth a line, no alarm.
  const hasInfinity = done.some(item => item.output.values.statistics.infinities > 0);
  const isWhy = store.why?.nodes.has(node) ?? false;
  const what = module ? `module ${module.path}, folded` : operation ? `#${operation.number} ${operation.kind} ${node.text.note}` : `${node.text.type} ${tensor.label}`;
  assign(node.shape,
    names("node", node.text.type, ran && "ran", mark.state, isCurrent && `current ${direction}`, isSelected && "selected", stops && "stops", isBad ? "nonfinite" : hasInfinity && "infinite", isWhy && "why"),
    names(what + ",", ran ? "has run," : "has not run,", mark.spoken + (isCurrent ? `, current, ${direction}` : "") + (stops ? ", breakpoint" : "") + (isBad ? ", not finite" : "") + (hasInfinity ? ", infinity" : "")));
  if (isCurrent) node.shape.setAttribute("aria-current", "step");
  else node.shape.removeAttribute("aria-current");
  const badge = node.shape.querySelector(".badge");
  const text = mark.badge || (operation ? `#${operation.number}` : "");
  if (badge.textContent !== text) badge.textContent = text;
  if (module) node.shape.querySelector(".progress").setAttribute("width", (node.width - 2) * mark.share);
}

function markEdge(edge, store) {
  const { cursor, event } = store;
  const ran = edge.links.some(link => link.operation.forwardEvent <= cursor);
  const flows = !edge.isDetached && edge.links.some(link => hasContributed(link.tensor, link.operation, cursor));
  const isNow = !edge.isDetached && event?.operation && edge.links.some(link => link.operation === event.operation)
    && (event.kind === "Forward" || event.contributions.some(part => edge.links.some(link => link.tensor === part.input && link.operation === event.operation)));
  const isWhy = store.why?.edges.has(edge) ?? false;
  assign(edge.shape, names("edge", edge.isDetached && "detached", ran && "ran", flows && "flows", isNow && `now ${event.kind === "Forward" ? "forward" : "backward"}`, isWhy && "why"));
}

// A path's nodes in order, and the edges between each and the next.
function markPath(why, nodes, edges, nodeOf) {
  const leafNode = tensor => nodes.find(node => node.tensor === tensor) ?? null;
  const path = why.path.flatMap(({ tensor, operation }) => [tensor.producer ? null : leafNode(tensor), nodeOf(operation)]).filter(Boolean);
  const isNext = (a, b) => path.some((node, i) => node === a && path[i + 1] === b);
  why.nodes = new Set(path);
  why.edges = new Set(edges.filter(edge => isNext(edge.from, edge.to) || isNext(edge.to, edge.from)));
}

/** Marks nodes and edges for the store's cursor, selection, breakpoints and last "why". */
export function markGraph({ nodes, edges }, store, nodeOf) {
  if (store.why) markPath(store.why, nodes, edges, nodeOf);
  const current = nodeOf(store.event?.operation);
  for (const node of nodes) markNode(node, store, current);
  for (const edge of edges) markEdge(edge, store);
}
