// Pictures from the camera, from a file chooser, from a drop, and from the server.

const dialog = document.querySelector("#camera");

/** Ask for one photograph; resolves to a JPEG blob, or null when the person closes the camera. */
export async function photograph(facing) {
  const video = dialog.querySelector("video");
  const denied = dialog.querySelector("[role=alert]");
  const shoot = dialog.querySelector("[data-act=shoot]");
  denied.hidden = true;
  shoot.disabled = true;
  dialog.showModal();
  let stream = null;
  const closed = new Promise((resolve) => {
    dialog.onclose = () => resolve(null);
    dialog.querySelector("[data-act=close]").onclick = () => dialog.close();
    shoot.onclick = async () => {
      resolve(await still(video));
      dialog.close();
    };
  });
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: facing, width: { ideal: 4096 }, height: { ideal: 3072 } },
    });
    video.srcObject = stream;
    await video.play();
    shoot.disabled = false;
  } catch {
    denied.hidden = false;
  }
  const picture = await closed;
  stream?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  return picture;
}

function still(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
}

/** Call `take` with each file that is chosen, in order; the same file may be chosen again. */
export function onChosen(input, take) {
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) await take(file);
  });
}

/** Call `take` with each file dropped on the element, in order. */
export function onDropped(element, take) {
  const over = (event, is) => {
    event.preventDefault();
    element.classList.toggle("over", is);
  };
  element.addEventListener("dragover", (event) => over(event, true));
  element.addEventListener("dragleave", (event) => over(event, false));
  element.addEventListener("drop", async (event) => {
    over(event, false);
    for (const file of event.dataTransfer.files) await take(file);
  });
}

/** Show a blob in a frame, in the place of what it held. */
export function show(frame, blob, alt) {
  frame.querySelectorAll("img").forEach((old) => URL.revokeObjectURL(old.src));
  const image = document.createElement("img");
  image.alt = alt;
  image.src = URL.createObjectURL(blob);
  frame.replaceChildren(image);
}
