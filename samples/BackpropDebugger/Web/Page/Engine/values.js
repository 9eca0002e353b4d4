// Typed arrays of the values that were looked at, fetched once while there is room.

const mostBytes = 128 << 20;

/** Values by their number in the model. */
export class Values {
  #engine;
  #fetched = new Map();
  #bytes = 0;

  constructor(engine) {
    this.#engine = engine;
  }

  /** { data, shape, dtype, statistics }; fails with a message where the values were left out. */
  get(item) {
    const known = this.#fetched.get(item.id);
    const values = known ?? this.#fetch(item);
    // The last one looked at comes last, the first goes first.
    this.#fetched.delete(item.id);
    this.#fetched.set(item.id, values);
    if (!known) this.#keep(item, values);
    return values;
  }

  async #keep(item, values) {
    try {
      this.#bytes += (await values).data.byteLength;
      for (const [id, oldest] of this.#fetched) {
        if (this.#bytes <= mostBytes || id === item.id) return;
        this.#fetched.delete(id);
        this.#bytes -= (await oldest).data.byteLength;
      }
    } catch {
      // What could not be fetched is asked for again the next time.
      if (this.#fetched.get(item.id) === values) this.#fetched.delete(item.id);
    }
  }

  async #fetch(item) {
    if (!item.complete) throw new Error("The recording left these values out for their size and keeps their statistics only.");
    const bytes = await this.#engine.values(item.id);
    const data = item.dtype === "Float64" ? new Float64Array(bytes) : new Float32Array(bytes);
    return { data, shape: item.shape, dtype: item.dtype, statistics: item.statistics };
  }
}
