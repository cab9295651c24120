// Marks the heading one is reading, and folds the contents where they stand above the text.
export default (element) => {
  const fold = element.querySelector("[data-part='fold']");
  const beside = matchMedia("(min-width: 1100px)");
  const adapt = () => fold && (fold.open = beside.matches);
  adapt();
  beside.addEventListener("change", adapt);

  const links = [...element.querySelectorAll("a[href^='#']")];
  const places = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const seen = (place) => place && place.offsetParent !== null;

  const mark = () => {
    links.forEach((link, i) => (link.parentElement.hidden = !seen(places[i])));
    const line = innerHeight * 0.3;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    let current = -1;
    places.forEach((place, i) => {
      if (seen(place) && (atEnd || place.getBoundingClientRect().top <= line)) current = i;
    });
    links.forEach((link, i) => link.toggleAttribute("aria-current", i === current));
    links[current]?.setAttribute("aria-current", "true");
  };

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  document.addEventListener("platform:changed", soon);
  mark();
};
