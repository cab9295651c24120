// Switches the variant of an article without loading the page again, and remembers the choice in the cookie the server
// reads. Without script, the links of the segment load the page with the choice in the address.
const YEAR = 365 * 24 * 3600;

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

  element.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-value]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link.dataset.value);
    document.cookie = `platform=${link.dataset.value}; path=/; max-age=${YEAR}; samesite=lax`;
    history.replaceState(null, "", link.href);
  });
};
