// Elements are made here and nowhere else. Text goes in as text nodes: a word like <img onerror=…> stays a word.

const svgNamespace = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false));
  return node;
}

/** An HTML element; a function among the attributes listens to the event of that name. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function graphic(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, name), attributes, children);
}

/** A push button with a label for people who see it and a name for those who hear it. */
export function button(label, title, action, attributes = {}) {
  return element("button", { type: "button", title, "aria-label": title, click: action, ...attributes }, label);
}

/** The element with an id. */
export function byId(id) {
  return document.getElementById(id);
}
