// "Me too" without a new page: the server answers with the notice as it is now, which takes the place of this one.
import { fragment } from "../lib/fragment.js";

export default (element) => {
  element.addEventListener("submit", async (event) => {
    const form = event.target.closest(".notice-echo");
    if (!form) return;
    event.preventDefault();
    const now = await fragment(form.action, { method: "POST", body: new FormData(form) });
    if (now === null) return form.submit(); // the whole page, then: it says what is wrong
    element.outerHTML = now;
    document.querySelector(`#${element.id} .notice-echo button`)?.focus();
  });
};
