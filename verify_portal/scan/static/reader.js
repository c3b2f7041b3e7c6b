// The page's end of decoder.js.

export class Reader {
  #worker = new Worker(new URL("./decoder.js", import.meta.url), { type: "module" });
  #waiting = new Map();
  #last = 0;
  #broken = false;

  constructor() {
    this.#worker.onmessage = ({ data: { id, texts, trouble } }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (trouble === undefined) resolve(texts);
      else reject(new Error(trouble));
    };
    this.#worker.onerror = () => {
      this.#broken = true;
      for (const { reject } of this.#waiting.values()) reject(new Error("the decoder does not run"));
      this.#waiting.clear();
    };
  }

  /** The texts of all QR codes in a Blob or ImageBitmap; a bitmap is given away. */
  texts(picture) {
    if (this.#broken) return Promise.reject(new Error("the decoder does not run"));
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, picture }, picture instanceof Blob ? [] : [picture]);
    });
  }
}
