// The link dialog: one line that searches our own articles and also takes an address.
import { put } from "../lib/caret.js";
import { fragment } from "../lib/fragment.js";

const PAUSE = 200;
const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;

export default (element) => {
  const field = element.querySelector("#body");
  const dialog = document.getElementById("link-dialog");
  const part = (name) => dialog.querySelector(`[data-part='${name}']`);
  const [words, search] = ["#link-words", "#link-search"].map((name) => dialog.querySelector(name));
  const [rows, status] = [part("rows"), part("status")];
  let timer, request, place = [0, 0];

  const write = (target, title) => {
    const text = (words.value.trim() || title || target).replace(/[[\]]/g, "");
    dialog.close();
    put(field, ...place, `[${text}](${target})`);
  };

  const ask = async () => {
    const sought = search.value.trim();
    request?.abort();
    const isAddress = ADDRESS.test(sought);
    status.textContent = isAddress ? status.dataset.address : "";
    if (isAddress || sought.length < 2) {
      rows.replaceChildren();
      rows.hidden = true;
      return;
    }
    request = new AbortController();
    const url = new URL(element.dataset.links, location.href);
    url.searchParams.set("q", sought);
    const found = await fragment(url, { signal: request.signal });
    if (found === null) return;
    rows.innerHTML = found;
    rows.hidden = rows.childElementCount === 0;
    status.textContent = rows.hidden ? status.dataset.none : "";
  };

  element.addEventListener("draft:ask", (event) => {
    if (event.detail !== "link") return;
    place = [field.selectionStart, field.selectionEnd]; // While a dialog is over it, a field forgets its caret.
    words.value = field.value.slice(...place).trim();
    search.value = ADDRESS.test(words.value) ? words.value : "";
    if (search.value) words.value = "";
    dialog.showModal();
    search.focus();
    ask();
  });
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  dialog.addEventListener("keydown", (event) => {
    const all = [search, ...rows.querySelectorAll("button")];
    const to = all.indexOf(document.activeElement) + { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (Number.isNaN(to) || !all[to] || !all.includes(document.activeElement)) return;
    event.preventDefault();
    all[to].focus();
  });
  rows.addEventListener("click", (event) => {
    const row = event.target.closest("[data-target]");
    if (row) write(row.dataset.target, row.dataset.words);
  });
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const first = rows.querySelector("[data-target]");
    if (ADDRESS.test(search.value.trim())) write(search.value.trim());
    else if (first) write(first.dataset.target, first.dataset.words);
    else status.textContent = status.dataset.wrong;
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
};
