// Answers from the data in the file itself: the page works from the disk with no server.

const liveHint = "Run the live debugger for it: dotnet run --project samples/BackpropDebugger -- --web";

/** The engine inside a self-contained file. */
export class EmbeddedEngine {
  isLive = false;
  #data = JSON.parse(document.getElementById("embedded").textContent);

  async model() {
    return JSON.parse(document.getElementById("model").textContent);
  }

  async values(id) {
    let text = this.#data.values[id];
    // A number: the same bytes as that one.
    if (typeof text === "number") text = this.#data.values[text];
    if (text === null) throw new Error(`These values are not in this file (it holds tensors of up to ${this.#data.largestValues} elements). ${liveHint}`);
    return Uint8Array.from(atob(text), character => character.charCodeAt(0)).buffer;
  }

  has(path) {
    return Object.hasOwn(this.#data.answers, path);
  }

  async answer(path) {
    if (this.has(path)) return this.#data.answers[path];
    const what = this.#data.isSmall ? "this" : "this element (formulas are there for each tensor's largest one)";
    return { error: `This file has no answer for ${what}. ${liveHint}`, isMissing: true };
  }

  /** What the file leaves out, in a line; empty where it is whole. */
  get limits() {
    const missing = this.#data.leftOut;
    const values = missing === 0 ? "all values" : `all but the ${missing} largest sets of values`;
    return `This file holds ${values}; ${this.#data.isSmall ? "formulas, causes and finite differences of every element" : "formulas and causes of each tensor's largest element, no finite differences"}.`;
  }
}
