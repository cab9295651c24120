// A button that prints. Style sheets hide it where there is no script.
export default (button) => button.addEventListener("click", () => print());
