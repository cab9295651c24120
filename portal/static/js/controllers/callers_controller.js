// Finds who calls while their name is typed; without script the button does.
const PAUSE = 180;

export default (element) => {
  const field = element.querySelector("input");
  const place = element.querySelector("[data-part='found']");
  let timer = 0;
  let turn = 0;

  const find = async () => {
    const mine = ++turn;
    try {
      const answer = await fetch(`${element.dataset.url}?${new URLSearchParams({ q: field.value })}`, { headers: { "HX-Request": "true" } });
      if (answer.ok && mine === turn) place.innerHTML = await answer.text();
    } catch {
      return; // The network is away; the button says so.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });
};
