// A scanned QR code leaves its seal behind the #, which browsers send to nobody. It stays in the
// page until its holder asks for the full details with it.
const SHORTEST_SEAL = 86; // an Ed25519 signature alone, in base64url

const seal = location.hash.slice(1);
const form = document.querySelector("form[data-seal]");
if (form && seal.length > SHORTEST_SEAL) {
  form.elements.namedItem("seal").value = seal;
  form.hidden = false;
}
document.getElementById("full")?.focus();
document.querySelector("[aria-invalid]")?.focus();
