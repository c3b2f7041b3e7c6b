// The camera that looks away from the person, and its lamp where it has one.

const WANTED = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
};

/** Its `reason`: insecure, refused, absent or busy. */
export class CameraTrouble extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export class Camera {
  #video;
  #stream = null;

  constructor(video) {
    this.#video = video;
  }

  get runs() {
    return this.#stream !== null;
  }

  async start() {
    if (!navigator.mediaDevices?.getUserMedia) throw new CameraTrouble("insecure");
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia(WANTED);
    } catch (trouble) {
      throw new CameraTrouble(reasonOf(trouble));
    }
    this.#video.srcObject = this.#stream;
    await this.#video.play();
  }

  stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#video.srcObject = null;
    this.#stream = null;
  }

  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  light(on) {
    return this.#track.applyConstraints({ advanced: [{ torch: on }] });
  }

  /** The picture of this moment; null while there is none yet. */
  async frame() {
    const ready = this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    return ready ? createImageBitmap(this.#video) : null;
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }
}

function reasonOf({ name }) {
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "absent" : "busy";
}
