import { recall, remember } from "../lib/store.js";

// Switches the variant of an article without loading the page again, and remembers the choice on this device. Without
// script, or before anything was chosen, the links of the segment load the page with the choice in the address.
export default (element) => {
  const body = document.querySelector(".article-body");
  const links = [...element.querySelectorAll("a[data-value]")];
  if (!body) return;

  const choose = (value) => {
    body.dataset.platform = value;
    links.forEach((link) => {
      if (link.dataset.value === value) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    document.dispatchEvent(new CustomEvent("platform:changed", { detail: value }));
  };

  const named = new URLSearchParams(location.search).has("platform");
  const before = recall("platform");
  if (!named && links.some((link) => link.dataset.value === before)) choose(before);

  element.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-value]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link.dataset.value);
    remember("platform", link.dataset.value);
    history.replaceState(null, "", link.href);
  });
};
