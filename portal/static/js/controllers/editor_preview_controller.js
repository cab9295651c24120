// The preview follows what is typed, after a short pause. Pictures that are there stay there, so that nothing flickers.
const PAUSE = 400;

export default (element) => {
  const form = element.closest("form");
  const paper = element.querySelector("[data-part='paper']");
  const measure = form.querySelector("[data-part='measure']");
  let timer, request, shown = "";

  const typed = (property = "value") => ["title", "summary", "body"].map((name) => form.elements[name][property]);
  shown = JSON.stringify(typed("defaultValue"));

  const draw = (html) => {
    const fresh = document.createElement("div");
    fresh.innerHTML = html;
    const known = new Map([...paper.querySelectorAll("img")].map((image) => [image.getAttribute("src"), image]));
    fresh.querySelectorAll("img").forEach((image) => {
      const old = known.get(image.getAttribute("src"));
      if (old && old.alt === image.alt) image.replaceWith(old);
    });
    paper.replaceChildren(...fresh.childNodes);
    lead();
    const said = paper.querySelector("[data-measure]")?.dataset.measure;
    if (said) measure.textContent = said;
  };

  // A link that is tried out does not lead away from what is being written.
  const lead = () => paper.querySelectorAll("a[href]:not([href^='#'])").forEach((link) => {
    link.target = "_blank";
    link.rel = "noopener";
  });

  const show = async () => {
    const now = typed();
    if (JSON.stringify(now) === shown || !element.checkVisibility()) return;
    request?.abort();
    request = new AbortController();
    const [title, summary, body] = now;
    const sent = new URLSearchParams({ title, summary, body, csrf_token: form.elements.csrf_token.value });
    try {
      const answer = await fetch(element.dataset.url, { method: "POST", body: sent, signal: request.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok && answer.status !== 422) return;
      draw(await answer.text());
      shown = JSON.stringify(now);
    } catch {
      // Typed on, or the network is away: the last preview stays.
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("draft:shown", soon);
  lead();
  soon();

  element.querySelector("[data-part='devices']").addEventListener("click", (event) => {
    const button = event.target.closest("[data-device]");
    if (!button) return;
    const { device } = button.dataset;
    element.querySelectorAll("[data-device][aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    paper.dataset.device = device;
    if (device === "dark") paper.dataset.bsTheme = "dark";
    else delete paper.dataset.bsTheme;
  });
};
