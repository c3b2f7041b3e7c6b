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
  #turn = 0;

  constructor(video) {
    this.#video = video;
  }

  /** Which of its starts it runs for; null while it is off. */
  get run() {
    return this.#stream && this.#turn;
  }

  /** The run that it begins; null when it was stopped or started again while somebody was asked. */
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) throw new CameraTrouble("insecure");
    this.stop();
    const mine = this.#turn;
    try {
      const stream = await navigator.mediaDevices.getUserMedia(WANTED);
      if (mine !== this.#turn) {
        release(stream);
        return null;
      }
      this.#stream = stream;
      this.#video.srcObject = stream;
      await this.#video.play();
      return mine;
    } catch (trouble) {
      if (mine !== this.#turn) return null;
      this.stop();
      throw new CameraTrouble(reasonOf(trouble));
    }
  }

  stop() {
    this.#turn += 1;
    release(this.#stream);
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

function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function reasonOf({ name }) {
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "absent" : "busy";
}
