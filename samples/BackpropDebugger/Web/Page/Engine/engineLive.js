// Asks the local server. The token comes from the page's own address and goes into a header of every call.

/** The engine behind a served page. */
export class LiveEngine {
  isLive = true;
  #token = location.pathname.split("/")[1];
  // The recording that the page shows: after "set" or inside a fused operation the session has others.
  #view = 0;

  async #fetch(path, options = {}) {
    const response = await fetch(`api/${path}`, { ...options, headers: { "X-Debugger-Token": this.#token } });
    if (!response.ok) throw new Error(response.status === 404 ? "The recording has no such numbers." : `The debugger refused (${response.status}).`);
    return response;
  }

  async #post(path, body, signal) {
    return (await this.#fetch(path, { method: "POST", body: JSON.stringify(body), signal })).json();
  }

  async model() {
    const model = await (await this.#fetch("model")).json();
    this.#view = model.view;
    return model;
  }

  async values(id) {
    return (await this.#fetch(`values/${this.#view}/${id}`)).arrayBuffer();
  }

  /** Every element of every tensor can be asked about. */
  has() {
    return true;
  }

  async answer(path) {
    return (await this.#fetch(`answers/${this.#view}/${path}`)).json();
  }

  /** Does one command of the terminal: { text, isError, cursor, breakpoints, isElsewhere }. */
  async command(line, cursor, breakpoints) {
    const answer = await this.#post("command", { line, view: this.#view, cursor, breakpoints });
    return { ...answer, isElsewhere: answer.view !== this.#view };
  }

  async complete(line) {
    return this.#post("complete", line);
  }

  /** Fails with a message where the session takes no such breakpoint. */
  async checkBreakpoint(text) {
    const { error } = await this.#post("breakpoint", text);
    if (error) throw new Error(error);
  }

  /** Where the session stops next for such breakpoints, forwards (1) or backwards (−1); the signal ends the search. */
  async nextStop(breakpoints, cursor, direction, signal) {
    const { cursor: stop, error } = await this.#post("stop", { view: this.#view, cursor, direction, breakpoints }, signal);
    if (error) throw new Error(error);
    return stop;
  }
}
