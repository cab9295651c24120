// Copies the text of the field inside. The button [data-part=copy] is shown only here, because without script it could
// do nothing. data-done holds the word that is shown for two seconds.
export default (element) => {
  const field = element.querySelector("textarea, input");
  const button = element.querySelector("[data-part='copy']");
  const word = button.querySelector("span");
  const before = word.textContent;

  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without permission, or over plain http, there is no clipboard: what is selected is one key away.
      field.select();
      return;
    }
    word.textContent = element.dataset.done;
    setTimeout(() => (word.textContent = before), 2000);
  });
};
