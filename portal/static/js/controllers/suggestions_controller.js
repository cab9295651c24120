// A combobox: from the third character on, 250 ms after the last key, data-url is asked for an HTML fragment of rows with
// role="option", which is put in [data-part=list]. Arrow keys choose, Enter opens the chosen row or sends the form, Esc
// closes. An answer that comes after further typing is thrown away. Links in the fragment work with the mouse as they are.
const PAUSE = 250;
const FROM = 3;

export default (element) => {
  const input = element.querySelector("[role='combobox']");
  const list = element.querySelector("[data-part='list']");
  const status = element.querySelector("[data-part='status']");
  const clear = element.querySelector("[data-part='clear']");
  let timer, request, asked = "";

  const options = () => [...list.querySelectorAll("[role='option']")];
  const chosen = () => list.querySelector("[aria-selected='true']");

  const open = (wanted) => {
    list.hidden = !wanted;
    input.setAttribute("aria-expanded", String(wanted));
    if (!wanted) choose(null);
  };

  const choose = (option) => {
    options().forEach((other) => other.setAttribute("aria-selected", String(other === option)));
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };

  const ask = async () => {
    const words = input.value.trim();
    request?.abort();
    if (words.length < FROM) {
      asked = "";
      open(false);
      return;
    }
    if (words === asked) return open(true);
    request = new AbortController();
    const url = new URL(element.dataset.url, location.href);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { signal: request.signal });
      if (!answer.ok) return;
      list.innerHTML = await answer.text();
    } catch {
      return; // Aborted, or the network is away: the form still works.
    }
    asked = words;
    const n = list.querySelectorAll(".suggestion").length;
    const { none, one, many } = element.dataset;
    if (status) status.textContent = n === 0 ? none : n === 1 ? one : many.replace("{n}", n);
    open(list.childElementCount > 0 && document.activeElement === input);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (clear) clear.hidden = input.value === "";
    timer = setTimeout(ask, PAUSE);
  });

  input.addEventListener("focus", () => asked && asked === input.value.trim() && open(true));

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      open(false);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options().length) {
      event.preventDefault();
      open(true);
      const all = options();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = all.indexOf(chosen());
      choose(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    }
  });

  element.querySelector("form")?.addEventListener("reset", (event) => {
    event.preventDefault();
    input.value = "";
    input.dispatchEvent(new Event("input"));
    input.focus();
  });

  // Kept where script moves focus to a row by a press; closed when it leaves the whole.
  element.addEventListener("focusout", (event) => {
    if (!element.contains(event.relatedTarget)) setTimeout(() => !element.contains(document.activeElement) && open(false), 150);
  });

  // Fast fingers had begun before this script was here.
  if (input.value && document.activeElement === input) input.dispatchEvent(new Event("input"));
};
