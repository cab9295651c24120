// Shows the link that prints the page; without script the browser's own menu does it.
export default (element) => {
  element.hidden = false;
  element.addEventListener("click", (event) => {
    event.preventDefault();
    window.print();
  });
};
