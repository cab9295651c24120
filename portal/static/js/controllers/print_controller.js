// Prints the page. Without script the browser's own menu does it, so the button shows itself only with script.
export default (element) => {
  element.addEventListener("click", () => window.print());
};
