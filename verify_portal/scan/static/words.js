// The page's words, which the server wrote into it in the reader's language.

const said = JSON.parse(document.querySelector("#words").textContent);

export const language = document.documentElement.lang;

const LOCALE = { vi: "vi-VN", en: "en-GB" }[language];
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const ago = new Intl.RelativeTimeFormat(LOCALE, { numeric: "always" });
const moments = new Intl.DateTimeFormat(LOCALE, {
  dateStyle: "short",
  timeStyle: "short",
  timeZone: "Asia/Ho_Chi_Minh",
});
const days = new Intl.DateTimeFormat(LOCALE, {
  day: "2-digit",
  month: language === "vi" ? "2-digit" : "long",
  year: "numeric",
  timeZone: "UTC",
});

/** One sentence, its blanks filled. */
export function say(name, values = {}) {
  if (!(name in said)) throw new Error(`no words for ${name}`);
  return said[name].replace(/\{(\w+)\}/g, (_, blank) => values[blank]);
}

export function documentType(name) {
  return said[`document-type-${name}`] ?? said["document-type-other"];
}

/** `3 hours ago`, in full units; `just now` within a minute. */
export function age(seconds) {
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return ago.format(-Math.floor(seconds / length), unit);
  }
  return say("just-now");
}

/** A moment in Hanoi, from POSIX seconds. */
export function moment(seconds) {
  return moments.format(new Date(seconds * 1000));
}

/** YYYY-MM-DD as people write it. */
export function day(iso) {
  return days.format(new Date(`${iso}T00:00:00Z`));
}
