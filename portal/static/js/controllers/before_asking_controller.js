// While somebody writes a title, shows below it what there is about it already: a fragment from data-url. It never takes
// the focus and never waits for anything; how many there are is said once to screen readers, when the typing rests.
import { fragment } from "../lib/fragment.js";

const PAUSE = 400;
const FROM = 3;

export default (element) => {
  const input = element.querySelector("input");
  const place = element.querySelector("[data-part='before']");
  const said = element.querySelector("[data-part='said']");
  let timer, request;
  let asked = place.childElementCount ? input.value.trim() : "";

  const ask = async () => {
    const words = input.value.trim();
    if (words === asked) return;
    request?.abort();
    asked = words;
    if (words.length < FROM) {
      place.replaceChildren();
      said.textContent = "";
      return;
    }
    request = new AbortController();
    const url = new URL(element.dataset.url, location.href);
    url.searchParams.set("q", words);
    const found = await fragment(url, { signal: request.signal });
    if (found === null) return;
    // What somebody is about to press stays where it is.
    if (place.contains(document.activeElement)) return void (asked = "");
    place.innerHTML = found;
    const n = Number(place.querySelector("[data-found]")?.dataset.found ?? 0);
    const { none, one, many } = element.dataset;
    said.textContent = n === 0 ? none : n === 1 ? one : many.replace("{n}", n);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
};
