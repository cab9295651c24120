// "Me too" without a new page: the server answers with the notice as it is now, which takes the place of this one.
export default (element) => {
  element.addEventListener("submit", async (event) => {
    const form = event.target.closest(".notice-echo");
    if (!form) return;
    event.preventDefault();
    try {
      const body = new FormData(form);
      const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.statusText);
      element.outerHTML = await answer.text();
      document.querySelector(`#${element.id} .notice-echo button`)?.focus();
    } catch {
      form.submit(); // the whole page, then: it says what is wrong
    }
  });
};
