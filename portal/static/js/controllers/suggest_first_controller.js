// A field that says what one wants, above a form: 300 ms after the last key, from the third letter on, data-url is asked
// for a piece of HTML that is put in [data-part=found]. How much there is is said in [data-part=status]. Nothing waits for
// it: an answer that comes after further typing, or not at all, changes nothing, and the form works as it stands.
const PAUSE = 300;
const FROM = 3;

export default (element) => {
  const part = (name) => element.querySelector(`[data-part='${name}']`);
  const [field, found, status, look] = ["words", "found", "status", "look"].map(part);
  let timer, request, asked = field.value.trim();
  if (look) look.hidden = true; // the button that asks without script

  const say = (n) => {
    const { none, one, many } = element.dataset;
    status.textContent = n === 0 ? none : n === 1 ? one : many.replace("{n}", n);
  };

  const ask = async () => {
    const words = field.value.trim();
    if (words === asked) return;
    request?.abort();
    asked = words;
    if (words.length < FROM) {
      found.replaceChildren();
      return;
    }
    request = new AbortController();
    const url = new URL(element.dataset.url, location.href);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return;
      // Whoever has reached into the list keeps it as it is.
      if (found.contains(document.activeElement)) return;
      found.innerHTML = await answer.text();
      say(found.querySelectorAll("li").length);
    } catch {
      // Aborted, or the network is away.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
};
