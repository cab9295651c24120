// A link to this page that is copied instead of followed. data-done holds the word that is shown for two seconds.
export default (element) => {
  const word = element.querySelector("span") ?? element;
  const before = word.textContent;

  element.setAttribute("aria-live", "polite");
  element.addEventListener("click", async (event) => {
    event.preventDefault();
    const address = new URL(element.getAttribute("href") ?? element.dataset.url ?? "", location.href);
    try {
      await navigator.clipboard.writeText(address.href);
    } catch {
      // Without permission, or over plain http, there is no clipboard: the address bar is the next best place.
      history.replaceState(null, "", address);
      return;
    }
    word.textContent = element.dataset.done ?? before;
    setTimeout(() => (word.textContent = before), 2000);
  });
};
