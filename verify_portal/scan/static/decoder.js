// Reads QR codes in a thread of its own, so that the page stays alive meanwhile.

import { prepareZXingModule, readBarcodes } from "./vendor/zxing-wasm/es/reader/index.js";

const WASM = new URL("./vendor/zxing-wasm/reader/zxing_reader.wasm", import.meta.url).href;
const OPTIONS = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 4 };
const LONGEST_SIDE = 2400;

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext("2d", { willReadFrequently: true });
const prepared = prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });

/** A video frame or a file's picture comes in, the texts of its QR codes go out. */
async function textsIn(picture) {
  await prepared;
  const image = picture instanceof Blob ? await createImageBitmap(picture) : picture;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const codes = await readBarcodes(pixels, OPTIONS);
  return codes.filter((code) => code.isValid).map((code) => code.text);
}

onmessage = async ({ data: { id, picture } }) => {
  try {
    postMessage({ id, texts: await textsIn(picture) });
  } catch (trouble) {
    postMessage({ id, trouble: String(trouble) });
  }
};
