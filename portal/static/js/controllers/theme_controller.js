import { postForm } from "../lib/post.js";

// Light, dark or as the device: changes at once and tells the server quietly. Should that fail, the form is sent as it
// would be without script.
export default (form) => {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    show(button.value);
    if (!(await postForm(form, button))) HTMLFormElement.prototype.submit.call(withValue(form, button));
  });
};

function show(theme) {
  document.documentElement.dataset.bsTheme = theme;
  document.querySelector("meta[name='color-scheme']")?.setAttribute("content", theme === "auto" ? "light dark" : theme);
  document.querySelectorAll("[data-controller='theme'] [name='theme']").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.value === theme));
  });
}

function withValue(form, button) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: button.name, value: button.value });
  form.append(field);
  return form;
}
