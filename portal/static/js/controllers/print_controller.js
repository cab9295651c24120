// A button that prints. It comes hidden, because without script it could not.
export default (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
};
