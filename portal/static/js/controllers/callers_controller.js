// Finds who calls while their name is typed; without script the button does. Whoever is chosen after something was
// written down already comes into that form, and the words stay.
import { fragment } from "../lib/fragment.js";

const PAUSE = 180;
const WORDS = ["subject", "body", "answer"];

export default (element) => {
  const field = element.querySelector("input");
  const place = element.querySelector("[data-part='found']");
  let timer = 0;
  let turn = 0;

  const find = async () => {
    const mine = ++turn;
    const found = await fragment(`${element.dataset.url}?${new URLSearchParams({ q: field.value })}`);
    if (found !== null && mine === turn) place.innerHTML = found;
  };

  const choose = async (link, form) => {
    const answer = await fetch(link.href);
    const named = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("call");
    if (!answer.ok || !named) return location.assign(link.href);
    for (const name of WORDS) named.elements[name].value = form.elements[name].value;
    history.replaceState(history.state, "", link.href);
    element.remove();
    form.replaceWith(named);
    named.elements.subject.focus();
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });

  place.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const form = document.getElementById("call");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!WORDS.some((name) => form.elements[name].value.trim())) return;
    event.preventDefault();
    choose(link, form).catch(() => location.assign(link.href));
  });

  // A name typed faster than this arrived.
  if (field.value !== field.defaultValue) find();
};
