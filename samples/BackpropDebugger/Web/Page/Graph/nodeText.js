import { shortName, shortNumber } from "../numbers.js";

// What stands on a node, and how much room it needs.

const nodeHeight = 46;
const leafHeight = 26;
const longestName = 36;

/** The width of a text, roughly: the page is drawn before a browser could measure. */
export function textWidth(text, perCharacter) {
  return text.length * perCharacter;
}

/** The two lines on a node and what kind of box it is. */
export function nodeText(node) {
  if (node.module) return { title: shortName(node.module.name, longestName), note: `${node.module.operations.length} operations`, type: "module" };
  if (node.operation) {
    const { operation } = node;
    const isAlone = operation.place.operations.length === 1 && operation.place.name !== "";
    const named = operation.output.label.startsWith("#") ? "" : `${operation.output.label} `;
    const shape = operation.output.shape.length === 0 ? "scalar" : operation.output.shape.join(" × ");
    return { title: shortName(operation.kind, longestName), note: shortName(`${isAlone ? operation.place.name : named}${isAlone || named ? " · " : ""}${shape}`.replace("  ", " "), longestName + 14), type: "operation" };
  }
  const { tensor } = node;
  const isNumber = tensor.shape.length === 0 && !tensor.requiresGradient && /^leaf\d+$/.test(tensor.label);
  const { mean, infinities } = tensor.values.statistics;
  const title = isNumber ? (infinities > 0 ? "±∞" : shortNumber(mean)) : shortName(tensor.label.split(".").slice(-2).join("."), longestName);
  return { title, note: "", type: tensor.isParameter ? "parameter" : "leaf" };
}

/** Width and height of a node with that text. */
export function sizeOf(text) {
  if (text.type === "parameter" || text.type === "leaf") return { width: Math.max(34, textWidth(text.title, 6.6) + 20), height: leafHeight };
  return { width: Math.max(112, textWidth(text.title, 8.1) + 76, textWidth(text.note, 6.3) + 34), height: nodeHeight };
}
