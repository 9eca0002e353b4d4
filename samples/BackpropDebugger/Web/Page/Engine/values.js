// Typed arrays of the values that were looked at, fetched once.

/** Values by their number in the model. */
export class Values {
  #engine;
  #fetched = new Map();

  constructor(engine) {
    this.#engine = engine;
  }

  /** { data, shape, dtype, statistics }; fails with a message where the values were left out. */
  get(item) {
    if (!this.#fetched.has(item.id)) this.#fetched.set(item.id, this.#fetch(item));
    return this.#fetched.get(item.id);
  }

  async #fetch(item) {
    if (!item.complete) throw new Error("The recording left these values out for their size and keeps their statistics only.");
    const bytes = await this.#engine.values(item.id);
    const data = item.dtype === "Float64" ? new Float64Array(bytes) : new Float32Array(bytes);
    return { data, shape: item.shape, dtype: item.dtype, statistics: item.statistics };
  }
}
