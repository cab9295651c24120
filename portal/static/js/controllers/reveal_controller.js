// A password can be looked at while it is typed. The button exists only here: without script there is nothing to press.
export default (element) => {
  const field = element.querySelector("input[type='password']");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn-plain btn-sm reveal" });
  const { show, hide } = element.dataset;

  const draw = () => {
    const isShown = field.type === "text";
    button.textContent = isShown ? hide : show;
    button.setAttribute("aria-pressed", String(isShown));
  };
  button.addEventListener("click", () => {
    field.type = field.type === "text" ? "password" : "text";
    draw();
  });
  // Sent as a password again, so that browsers keep it among passwords and not among words.
  field.form?.addEventListener("submit", () => (field.type = "password"));
  draw();
  field.after(button);
};
