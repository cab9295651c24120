// Says something short at the lower edge for some seconds; screen readers hear it, because the place is a live region.
const SECONDS = 4;

export function say(words) {
  const place = document.getElementById("toasts");
  if (!place || !words) return;
  const note = document.createElement("div");
  note.className = "toast-note";
  note.textContent = words;
  place.append(note);
  setTimeout(() => note.remove(), SECONDS * 1000);
}
