// Asks the local server. The token comes from the page's own address and goes into a header of every call.

/** The engine behind a served page. */
export class LiveEngine {
  isLive = true;
  #token = location.pathname.split("/")[1];

  async #fetch(path, options = {}) {
    const response = await fetch(`api/${path}`, { ...options, headers: { "X-Debugger-Token": this.#token } });
    if (!response.ok) throw new Error(response.status === 404 ? "The recording has no such numbers." : `The debugger refused (${response.status}).`);
    return response;
  }

  async model() {
    return (await this.#fetch("model")).json();
  }

  async values(id) {
    return (await this.#fetch(`values/${id}`)).arrayBuffer();
  }

  /** Every element of every tensor can be asked about. */
  has() {
    return true;
  }

  async answer(path) {
    return (await this.#fetch(`answers/${path}`)).json();
  }

  async command(line, cursor) {
    return (await this.#fetch(`command/${cursor}`, { method: "POST", body: line })).json();
  }

  async complete(line) {
    return (await this.#fetch("complete", { method: "POST", body: line })).json();
  }
}
