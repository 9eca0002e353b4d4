// The modules of a recording as a tree, and what of it is in sight when some of them are unfolded.

function segments(path) {
  // A list's number belongs to its name: encoder.layers.0 has the parts encoder and layers.0.
  const parts = [];
  for (const part of path === "" ? [] : path.split(".")) {
    if (/^\d+$/.test(part) && parts.length > 0) parts.push(`${parts.pop()}.${part}`);
    else parts.push(part);
  }
  return parts;
}

function newModule(path, name, parent) {
  return { path, name, kind: "", parent, children: new Map(), operations: [] };
}

/** The root of the tree; each operation gets its module as .place, each leaf the innermost module that holds all its uses. */
export function moduleTree(model) {
  const root = newModule("", "", null);
  for (const operation of model.operations) {
    let module = root;
    root.operations.push(operation);
    for (const name of segments(operation.module)) {
      const path = module.path === "" ? name : `${module.path}.${name}`;
      if (!module.children.has(name)) module.children.set(name, newModule(path, name, module));
      module = module.children.get(name);
      module.operations.push(operation);
    }
    module.kind ||= operation.moduleKind;
    operation.place = module;
  }
  for (const tensor of model.tensors.filter(tensor => !tensor.producer && tensor.consumers.length > 0)) {
    tensor.place = tensor.consumers.map(operation => operation.place).reduce(commonAncestor);
  }
  return root;
}

function ancestors(module) {
  return module === null ? [] : [...ancestors(module.parent), module];
}

function commonAncestor(a, b) {
  const others = new Set(ancestors(b));
  return ancestors(a).findLast(module => others.has(module));
}

/** Whether a box around a module would say anything: not around a single operation, nor around another box alone. */
export function canFold(module) {
  if (module.parent === null || module.operations.length < 2) return false;
  return ![...module.children.values()].some(child => child.operations.length === module.operations.length);
}

/** All modules that can be folded, outermost first. */
export function foldableModules(module) {
  const inner = [...module.children.values()].flatMap(foldableModules);
  return canFold(module) ? [module, ...inner] : inner;
}

/** The outermost folded module around a place, or null where none is. */
export function foldedAround(place, unfolded) {
  return ancestors(place).find(module => canFold(module) && !unfolded.has(module.path)) ?? null;
}

/** Nodes, groups around them and edges between them, as they are in sight. */
export function visibleGraph(model, unfolded) {
  const nodes = new Map();
  const groups = new Map();
  const edges = new Map();
  const groupOf = place => {
    const module = ancestors(place).findLast(candidate => canFold(candidate) && unfolded.has(candidate.path));
    if (!module) return null;
    if (!groups.has(module.path)) groups.set(module.path, { id: `group ${module.path}`, module, parent: groupOf(module.parent) });
    return groups.get(module.path);
  };
  const nodeFor = (key, place, content) => {
    const folded = foldedAround(place, unfolded);
    const id = folded ? `module ${folded.path}` : key;
    if (!nodes.has(id)) nodes.set(id, folded ? { id, module: folded, group: groupOf(folded.parent) } : { id, ...content, group: groupOf(place) });
    return nodes.get(id);
  };
  const operationNode = operation => nodeFor(`operation ${operation.number}`, operation.place, { operation });
  const connect = (from, to, link, isDetached = false) => {
    if (from === to) return;
    const id = `${from.id} > ${to.id}`;
    if (!edges.has(id)) edges.set(id, { id, from, to, links: [], isDetached });
    edges.get(id).links.push(link);
  };
  for (const operation of model.operations) {
    const to = operationNode(operation);
    for (const tensor of new Set(operation.inputs)) {
      const from = tensor.producer ? operationNode(tensor.producer) : nodeFor(`leaf ${tensor.id}`, tensor.place, { tensor });
      connect(from, to, { tensor, operation });
      if (tensor.detachedFrom?.producer) connect(operationNode(tensor.detachedFrom.producer), from, { tensor, operation }, true);
    }
  }
  return { nodes: [...nodes.values()], groups: [...groups.values()], edges: [...edges.values()] };
}
