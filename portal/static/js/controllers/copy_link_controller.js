import { say } from "../lib/toast.js";

// A link to this page that is copied instead of followed, and says so (data-done, else the word of the toasts' place).
export default (element) => {
  element.addEventListener("click", async (event) => {
    event.preventDefault();
    const address = new URL(element.getAttribute("href") ?? "", location.href);
    try {
      await navigator.clipboard.writeText(address.href);
      say(element.dataset.done ?? document.getElementById("toasts")?.dataset.copied);
    } catch {
      // Without permission, or over plain http, there is no clipboard: the address bar is the next best place.
      history.replaceState(null, "", address);
    }
  });
};
